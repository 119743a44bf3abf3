package dev.weir.gateway.jwt;

import static dev.weir.gateway.jwt.TestIssuer.NOW;
import static dev.weir.gateway.jwt.TestIssuer.claims;
import static dev.weir.gateway.jwt.TestIssuer.encode;
import static dev.weir.gateway.jwt.TestIssuer.header;
import static dev.weir.gateway.jwt.TestIssuer.sign;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.weir.gateway.route.Issuer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The attacks on a token, by their number in the contract's list, against real keys. */
class TokenAttackTest {
  private static final URI JWKS = URI.create("http://127.0.0.1/jwks");
  private static final Issuer ISSUER = TestIssuer.issuer(JWKS, "RS256", "ES256");
  private static final RSAKey RSA = rsa("rsa-1");
  private static final RSAKey STRANGER = rsa("rsa-1");
  private static final ECKey EC = ec("ec-1");
  private static final KeySet KEYS = keys(TestIssuer.jwks(RSA, EC));
  private static final Key SIGNER = TestIssuer.privateKey(RSA);
  private static final String HEADER = header("RS256", "rsa-1");

  private static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).algorithm(JWSAlgorithm.RS256).generate();
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static ECKey ec(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).algorithm(JWSAlgorithm.ES256).generate();
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static KeySet keys(String json) {
    return new KeySetReader(ISSUER.algorithms())
        .read(json.getBytes(StandardCharsets.UTF_8))
        .orElseThrow();
  }

  private static Read<AccessToken> verify(String token) {
    return new TokenVerifier(ISSUER).verify(token, KEYS, NOW, "key", Set.of("tenant"));
  }

  private static String with(String... edits) {
    return sign(HEADER, claims(edits), "RS256", SIGNER);
  }

  private static String withHeader(String json) {
    return sign(json, claims(), "RS256", SIGNER);
  }

  private static String plus(String members) {
    return HEADER.substring(0, HEADER.length() - 1) + "," + members + "}";
  }

  @Test
  void takesAGoodTokenOfEachAlgorithm() {
    assertThat(verify(with())).isInstanceOf(Read.Good.class);
    Key ecKey = TestIssuer.privateKey(EC);
    assertThat(verify(sign(header("ES256", "ec-1"), claims(), "ES256", ecKey)))
        .isInstanceOf(Read.Good.class);
  }

  @Test
  void readsWhoItIs() {
    Read<AccessToken> read = verify(with("\"customer\"", "\"customer\",\"admin\""));

    assertThat(read)
        .isInstanceOfSatisfying(
            Read.Good.class,
            good -> {
              AccessToken token = (AccessToken) good.value();
              assertThat(token.caller().subject()).isEqualTo("user-1");
              assertThat(token.caller().session()).isEqualTo("session-1");
              assertThat(token.caller().tokenKey()).isEqualTo("key");
              assertThat(token.caller().roles()).containsExactlyInAnyOrder("admin", "customer");
              assertThat(token.roles()).isEqualTo("admin,customer");
              assertThat(token.scopes()).isEqualTo("orders:read orders:write");
              assertThat(token.epoch()).isEqualTo(3);
              assertThat(token.expiresSeconds()).isEqualTo(NOW + 300);
            });
  }

  @ParameterizedTest
  @MethodSource("variants")
  void takesWhatTheStandardsAllow(String token) {
    assertThat(verify(token)).isInstanceOf(Read.Good.class);
  }

  static Stream<String> variants() {
    return Stream.of(
        withHeader(HEADER.replace("at+jwt", "application/at+jwt")),
        withHeader(HEADER.replace("at+jwt", "AT+JWT")),
        with("\"aud\":\"weir-api\"", "\"aud\":[\"weir-api\"]"),
        with("\"sid\":\"session-1\",", ""),
        with("\"ue\":3,", ""),
        with("\"scope\":\"orders:read orders:write\",", ""),
        with(",\"roles\":[\"customer\"]", ""),
        with("\"exp\":1800000300", "\"exp\":1799999971"),
        with("\"iat\":1800000000", "\"iat\":1800000030,\"nbf\":1800000030"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"algorithms", "headers", "shapes", "dates", "claimAttacks"})
  void refuses(String attack, TokenFault fault, String token) {
    assertThat(verify(token)).as(attack).isEqualTo(Read.bad(fault));
  }

  private static Arguments attack(String name, TokenFault fault, String token) {
    return Arguments.of(name, fault, token);
  }

  static Stream<Arguments> algorithms() throws Exception {
    String unsigned = encode(header("none", "rsa-1")) + "." + encode(claims()) + ".";
    List<Arguments> attacks = new ArrayList<>();
    attacks.add(attack("1 none, no signature", TokenFault.SEGMENTS, unsigned));
    for (String none : List.of("none", "nOnE", "NONE", "None", "none ", "")) {
      attacks.add(attack("1-2 none", TokenFault.ALGORITHM, withHeader(header(none, "rsa-1"))));
    }
    attacks.add(attack("3 empty signature", TokenFault.SEGMENTS, cut(with(), 2) + "."));
    attacks.add(
        attack(
            "4 no alg",
            TokenFault.ALGORITHM,
            withHeader("{\"typ\":\"at+jwt\",\"kid\":\"rsa-1\"}")));
    byte[] der = RSA.toRSAPublicKey().getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n";
    byte[] modulus = RSA.getModulus().decode();
    byte[] jwks = TestIssuer.jwks(RSA, EC).getBytes(StandardCharsets.UTF_8);
    for (byte[] secret : List.of(der, pem.getBytes(StandardCharsets.UTF_8), modulus, jwks)) {
      Key mac = new SecretKeySpec(secret, "HMAC");
      String token = sign(header("HS256", "rsa-1"), claims(), "HS256", mac);
      attacks.add(attack("5-6 HS256 with what is public", TokenFault.ALGORITHM, token));
      String named = sign(HEADER, claims(), "HS256", mac);
      attacks.add(attack("5-6 the same, called RS256", TokenFault.SIGNATURE, named));
    }
    Key ecKey = TestIssuer.privateKey(EC);
    attacks.add(
        attack(
            "7 RS256 at the EC key", TokenFault.KEY_MISMATCH, withHeader(header("RS256", "ec-1"))));
    attacks.add(
        attack(
            "7 ES256 at the RSA key",
            TokenFault.KEY_MISMATCH,
            sign(header("ES256", "rsa-1"), claims(), "ES256", ecKey)));
    for (String other : List.of("RS384", "RS512", "PS256")) {
      attacks.add(
          attack(
              "8 " + other,
              TokenFault.ALGORITHM,
              sign(header(other, "rsa-1"), claims(), other, SIGNER)));
    }
    attacks.add(
        attack(
            "34 signed by another environment's key of the same id",
            TokenFault.SIGNATURE,
            sign(HEADER, claims(), "RS256", TestIssuer.privateKey(STRANGER))));
    return attacks.stream();
  }

  static Stream<Arguments> headers() {
    String jwk = STRANGER.toPublicJWK().toJSONString();
    String signedByStranger =
        sign(plus("\"jwk\":" + jwk), claims(), "RS256", TestIssuer.privateKey(STRANGER));
    List<Arguments> attacks = new ArrayList<>();
    attacks.add(attack("13 jwk", TokenFault.FORBIDDEN_PARAMETER, signedByStranger));
    for (String member :
        List.of(
            "\"jku\":\"https://evil.test/jwks\"",
            "\"jku\":\"http://127.0.0.1:9901/\"",
            "\"x5u\":\"https://evil.test/cert\"",
            "\"x5c\":[\"MIIB\"]",
            "\"crit\":[\"x\"],\"x\":1",
            "\"crit\":[]",
            "\"b64\":false,\"crit\":[\"b64\"]",
            "\"b64\":false",
            "\"zip\":\"DEF\"",
            "\"enc\":\"A256GCM\"",
            "\"p2c\":2147483647",
            "\"cty\":\"JWT\"")) {
      attacks.add(
          attack("14-17, 30 " + member, TokenFault.FORBIDDEN_PARAMETER, withHeader(plus(member))));
    }
    for (String id : List.of("rsa-2", "../../dev/null", "x'OR'1'='1", "retired")) {
      attacks.add(
          attack("9-11 kid " + id, TokenFault.UNKNOWN_KEY, withHeader(header("RS256", id))));
    }
    String longId = "k".repeat(129);
    for (String id : List.of("rsa-1\\u0000", "", "rsa 1", "\\u00e4", longId, "k".repeat(6000))) {
      attacks.add(attack("10, 12 kid", TokenFault.KEY_ID, withHeader(header("RS256", id))));
    }
    attacks.add(
        attack(
            "12 no kid", TokenFault.KEY_ID, withHeader("{\"typ\":\"at+jwt\",\"alg\":\"RS256\"}")));
    attacks.add(
        attack(
            "12 kid is a number",
            TokenFault.KEY_ID,
            withHeader("{\"typ\":\"at+jwt\",\"alg\":\"RS256\",\"kid\":1}")));
    for (String type : List.of("JWT", "logout+jwt", "rt+jwt", "at+jwt;x=1", "at+jwt ", "")) {
      attacks.add(
          attack("25 typ " + type, TokenFault.TYPE, withHeader(HEADER.replace("at+jwt", type))));
    }
    attacks.add(
        attack("25 no typ", TokenFault.TYPE, withHeader("{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}")));
    attacks.add(
        attack("27 header name twice", TokenFault.JSON, withHeader(plus("\"alg\":\"RS256\""))));
    return attacks.stream();
  }

  static Stream<Arguments> shapes() {
    String good = with();
    String[] parts = good.split("\\.", -1);
    List<Arguments> attacks = new ArrayList<>();
    byte[] jsonHeader = HEADER.getBytes(StandardCharsets.UTF_8);
    byte[] json = claims().getBytes(StandardCharsets.UTF_8);
    byte[] mark = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    attacks.add(json("28 byte order mark", jsonHeader, join(mark, json)));
    attacks.add(json("28 byte order mark in the header", join(mark, jsonHeader), json));
    attacks.add(json("28 UTF-16", jsonHeader, claims().getBytes(StandardCharsets.UTF_16)));
    attacks.add(json("28 UTF-16LE", jsonHeader, claims().getBytes(StandardCharsets.UTF_16LE)));
    attacks.add(
        json(
            "28 not UTF-8",
            jsonHeader,
            claims("user-1", "\u00e4").getBytes(StandardCharsets.ISO_8859_1)));
    attacks.add(json("28 two values", jsonHeader, join(json, json)));
    attacks.add(json("28 an array", jsonHeader, join(new byte[] {'['}, json, new byte[] {']'})));
    String deep = "[".repeat(10_000);
    attacks.add(
        attack(
            "33 deep nesting, but too long anyway",
            TokenFault.OVERSIZED,
            sign(HEADER, deep + deep, "RS256", SIGNER)));
    attacks.add(
        json("33 deep nesting", jsonHeader, ("{\"a\":" + deep).getBytes(StandardCharsets.UTF_8)));
    attacks.add(json("33 deep but closed", jsonHeader, nested(9).getBytes(StandardCharsets.UTF_8)));
    attacks.add(
        attack(
            "29 JSON serialisation",
            TokenFault.SEGMENTS,
            "{\"payload\":\""
                + parts[1]
                + "\",\"protected\":\""
                + parts[0]
                + "\",\"signature\":\""
                + parts[2]
                + "\"}"));
    attacks.add(attack("30 five segments", TokenFault.SEGMENTS, good + ".AA.AA"));
    attacks.add(attack("31 four segments", TokenFault.SEGMENTS, good + ".AA"));
    attacks.add(attack("31 two segments", TokenFault.SEGMENTS, cut(good, 2)));
    attacks.add(attack("31 one segment", TokenFault.SEGMENTS, parts[0]));
    attacks.add(attack("31 empty header", TokenFault.SEGMENTS, "." + parts[1] + "." + parts[2]));
    attacks.add(attack("31 empty payload", TokenFault.SEGMENTS, parts[0] + ".." + parts[2]));
    attacks.add(attack("31 nothing", TokenFault.SEGMENTS, ""));
    for (String odd : List.of("=", "==", " ", "\n", "+", "/", "\u00e4")) {
      attacks.add(attack("31 ends with " + odd, TokenFault.ENCODING, good + odd));
      attacks.add(attack("31 begins with " + odd, TokenFault.ENCODING, odd + good));
    }
    attacks.add(attack("31 bits left over", TokenFault.ENCODING, withLooseBits(good)));
    attacks.add(
        attack(
            "32 header > 8 kB",
            TokenFault.OVERSIZED,
            withHeader(plus("\"x\":\"" + "y".repeat(6200) + "\""))));
    attacks.add(attack("32 token > 16 kB", TokenFault.OVERSIZED, "A".repeat(16 * 1024 + 1)));
    attacks.add(
        attack(
            "42 payload encoded again",
            TokenFault.SIGNATURE,
            parts[0] + "." + encode(claims().replace(",", ", ")) + "." + parts[2]));
    for (byte[] signature : ecSignatures()) {
      String input = encode(header("ES256", "ec-1")) + "." + encode(claims());
      attacks.add(attack("18 ECDSA", TokenFault.SIGNATURE, input + "." + encode(signature)));
    }
    return attacks.stream();
  }

  private static Arguments json(String name, byte[] header, byte[] claims) {
    return attack(name, TokenFault.JSON, sign(header, claims, "RS256", SIGNER));
  }

  private static String nested(int depth) {
    return "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
  }

  /** r = s = 0, r and s at and over the order, DER, and wrong lengths. */
  private static List<byte[]> ecSignatures() {
    byte[] order = TestIssuerBytes.unsigned(Curve.P_256.toECParameterSpec().getOrder(), 32);
    byte[] ones = new byte[64];
    Arrays.fill(ones, (byte) 0xff);
    byte[] der = {0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01};
    return List.of(
        new byte[64], join(order, order), ones, der, new byte[1], new byte[63], new byte[65]);
  }

  static Stream<Arguments> dates() {
    List<Arguments> attacks = new ArrayList<>();
    String exp = "\"exp\":1800000300";
    for (String bad :
        List.of(
            "1799999970",
            "0",
            "-1",
            "1800000300.0",
            "1.8e9",
            "\"1800000300\"",
            "null",
            "true",
            "9223372036854775808",
            "9223372036854775807",
            "9007199254740993",
            "[1800000300]")) {
      attacks.add(attack("20 exp " + bad, TokenFault.EXPIRY, with(exp, "\"exp\":" + bad)));
    }
    attacks.add(attack("20 no exp", TokenFault.EXPIRY, with(exp + ",", "")));
    String iat = "\"iat\":1800000000";
    for (String bad : List.of("1800000031", "\"1800000000\"", "1.5", "-1", "null")) {
      attacks.add(attack("22 iat " + bad, TokenFault.NOT_YET, with(iat, "\"iat\":" + bad)));
      attacks.add(attack("21 nbf " + bad, TokenFault.NOT_YET, with(iat, iat + ",\"nbf\":" + bad)));
    }
    attacks.add(attack("22 no iat", TokenFault.NOT_YET, with(iat + ",", "")));
    return attacks.stream();
  }

  static Stream<Arguments> claimAttacks() {
    List<Arguments> attacks = new ArrayList<>();
    String aud = "\"aud\":\"weir-api\"";
    for (String bad :
        List.of(
            "\"weir\"",
            "\"weir-api2\"",
            "\"Weir-Api\"",
            "\"weir-api \"",
            "[]",
            "null",
            "1",
            "{}",
            "[\"weir-api\",\"other\"]",
            "[\"weir-api\",1]",
            "[[\"weir-api\"]]",
            "[\"other\"]")) {
      attacks.add(attack("23 aud " + bad, TokenFault.AUDIENCE, with(aud, "\"aud\":" + bad)));
    }
    attacks.add(attack("23 no aud", TokenFault.AUDIENCE, with(aud + ",", "")));
    for (String bad : List.of("https://issuer.test/auth/", "https://Issuer.test/auth", "", "x")) {
      attacks.add(
          attack("24 iss " + bad, TokenFault.ISSUER, with("https://issuer.test/auth", bad)));
    }
    attacks.add(
        attack("27 claim twice", TokenFault.JSON, with("\"ue\":3", "\"ue\":3,\"sub\":\"user-2\"")));
    attacks.add(
        attack(
            "27 nested name twice",
            TokenFault.JSON,
            with("\"ue\":3", "\"ue\":3,\"x\":{\"a\":1,\"a\":2}")));
    attacks.add(
        attack(
            "38 cnf of no thumbprint",
            TokenFault.CONFIRMATION,
            with("\"ue\":3", "\"ue\":3,\"cnf\":{\"jkt\":\"abc\"}")));
    String key = "\"jkt\":\"" + "A".repeat(43) + "\"";
    for (String bad :
        List.of(
            "{}",
            "null",
            "[]",
            "\"jkt\"",
            "{\"x5t#S256\":\"abc\"}",
            "{" + key + ",\"kid\":\"1\"}")) {
      attacks.add(
          attack("38 cnf " + bad, TokenFault.CONFIRMATION, with("\"ue\":3", "\"cnf\":" + bad)));
    }
    for (String bad :
        List.of("", "a b", "a\\r\\nX: y", "\\u0000", "\u00e4", "a\\u2028", "s".repeat(256))) {
      attacks.add(attack("sub " + bad, TokenFault.SUBJECT, with("user-1", bad)));
      attacks.add(attack("jti " + bad, TokenFault.IDENTIFIER, with("token-1", bad)));
      attacks.add(attack("sid " + bad, TokenFault.IDENTIFIER, with("session-1", bad)));
    }
    attacks.add(attack("sub is a number", TokenFault.SUBJECT, with("\"user-1\"", "7")));
    attacks.add(attack("no jti", TokenFault.IDENTIFIER, with("\"jti\":\"token-1\",", "")));
    for (String bad : List.of("\"3\"", "-1", "3.0", "null")) {
      attacks.add(attack("ue " + bad, TokenFault.EPOCH, with("\"ue\":3", "\"ue\":" + bad)));
    }
    for (String bad :
        List.of("\"admin\"", "[1]", "[\"\"]", "[\"a,b\"]", "[\"a\\r\\nb\"]", "null")) {
      attacks.add(attack("roles " + bad, TokenFault.ROLES, with("[\"customer\"]", bad)));
    }
    for (String bad : List.of("[\"a\"]", "1", "null", "\"a  b\"", "\"a\\\"b\"", "\"a\\u0000\"")) {
      attacks.add(
          attack("scope " + bad, TokenFault.SCOPE, with("\"orders:read orders:write\"", bad)));
    }
    return attacks.stream();
  }

  private static String cut(String token, int segments) {
    return String.join(".", Arrays.asList(token.split("\\.", -1)).subList(0, segments));
  }

  /** 2048 bits leave two characters in the last group, of which four bits are unused. */
  private static String withLooseBits(String token) {
    char last = token.charAt(token.length() - 1);
    return token.substring(0, token.length() - 1) + (char) (last + 1);
  }

  private static byte[] join(byte[]... parts) {
    return TestIssuerBytes.join(parts);
  }
}
