package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64URL;
import dev.weir.auth.key.Keys;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Presents every kind of token that is not ours, or not one any more; the numbers are those of the
 * contract's list.
 */
class TokenAttackIT {
  private final TestSystem system = TestSystem.shared();
  private final Person person = Person.registered(system.client());
  private final String genuine = person.login().text("access_token");
  private final String[] parts = genuine.split("\\.", -1);
  private final String header = decoded(parts[0]);
  private final String claims = decoded(parts[1]);

  @Test
  void acceptsTheGenuineTokenAndOneThatTheTestSignsAlike() {
    assertThat(status(genuine)).isEqualTo(200);
    assertThat(status(signed(header, claims))).isEqualTo(200);
  }

  @Test
  void rejectsEveryForgedHeader() throws Exception {
    var attacks = new LinkedHashMap<String, String>();
    attacks.put("1 none", encoded(header.replace("RS256", "none")) + "." + parts[1] + ".");
    attacks.put("2 nOnE", encoded(header.replace("RS256", "nOnE")) + "." + parts[1] + ".");
    attacks.put("3 empty signature", parts[0] + "." + parts[1] + ".");
    attacks.put("4 no alg", signed(header.replace("\"alg\":\"RS256\"", "\"x\":1"), claims));
    attacks.put("5 HS256 with public key", withSecret(publicKey()));
    attacks.put("6 HS256 with key set", withSecret(keys().ring().jwks()));
    attacks.put("8 RS512", signed(header.replace("RS256", "RS512"), claims));
    attacks.put("8 PS256", signed(header.replace("RS256", "PS256"), claims));
    attacks.put("9 unknown kid", signed(withKid("s0123456789abcdef"), claims));
    attacks.put("10 kid traversal", signed(withKid("../../etc/passwd"), claims));
    attacks.put("10 kid SQL", signed(withKid("' or '1'='1"), claims));
    attacks.put("10 long kid", signed(withKid("a".repeat(6_000)), claims));
    attacks.put("12 no kid", signed("{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}", claims));
    for (var member :
        new String[] {
          "jwk\":{}",
          "jku\":\"http://127.0.0.1/\"",
          "x5u\":\"http://127.0.0.1/\"",
          "x5c\":[]",
          "crit\":[\"exp\"]",
          "b64\":false",
          "zip\":\"DEF\"",
          "cty\":\"JWT\""
        }) {
      attacks.put("13-17 " + member, signed(header.replace("{", "{\"" + member + ","), claims));
    }
    attacks.put("25 typ JWT", signed(header.replace("at+jwt", "JWT"), claims));
    attacks.put("27 two algs", signed(header.replace("{", "{\"alg\":\"none\","), claims));
    attacks.put("28 byte order mark", signed("\ufeff" + header, claims));
    attacks.put("34 other key", foreignSigned());
    rejectAll(attacks);
  }

  @Test
  void rejectsEveryForgedForm() {
    var attacks = new LinkedHashMap<String, String>();
    attacks.put("29 JSON", "{\"payload\":\"" + parts[1] + "\",\"signature\":\"" + parts[2] + "\"}");
    attacks.put("30 five parts", genuine + ".AAAA.AAAA");
    attacks.put("31 four parts", genuine + ".");
    attacks.put("31 two parts", parts[0] + "." + parts[1]);
    attacks.put("31 padding", genuine + "==");
    attacks.put("31 space", parts[0] + ". " + parts[1] + "." + parts[2]);
    attacks.put("31 other alphabet", genuine.substring(0, genuine.length() - 1) + "+");
    attacks.put("32 long", genuine + "A".repeat(9_000));
    attacks.put("33 deep", signed(header, "[".repeat(2_000) + "]".repeat(2_000)));
    attacks.put("42 other claims", parts[0] + "." + encoded(claims + " ") + "." + parts[2]);
    attacks.put("25 refresh token", person.login().text("refresh_token"));
    rejectAll(attacks);
  }

  @Test
  void rejectsEveryForgedClaim() {
    var attacks = new LinkedHashMap<String, String>();
    attacks.put("20 expired", number("exp", "1"));
    attacks.put("20 no exp", renamed("exp"));
    attacks.put("20 text exp", number("exp", "\"4102444800\""));
    attacks.put("20 fraction", number("exp", "4102444800.5"));
    attacks.put("20 negative", number("exp", "-1"));
    attacks.put("20 2^63", number("exp", "9223372036854775808"));
    attacks.put("20 far", number("exp", "4102444800"));
    attacks.put("21 nbf", added("\"nbf\":4102444800"));
    attacks.put("22 iat", number("iat", "4102444800"));
    attacks.put("23 aud", replaced("\"weir-api\"", "\"other\""));
    attacks.put("23 aud list", replaced("\"weir-api\"", "[\"weir-api\",\"other\"]"));
    attacks.put("23 aud prefix", replaced("\"weir-api\"", "\"weir-api-2\""));
    attacks.put("23 no aud", renamed("aud"));
    attacks.put("24 iss", replaced("https://localhost", "https://localhosT"));
    attacks.put("24 iss slash", replaced("8443/auth\"", "8443/auth/\""));
    attacks.put("27 two subs", added("\"sub\":\"00000000-0000-0000-0000-000000000000\""));
    attacks.put("36 epoch text", number("ue", "\"0\""));
    attacks.put("36 older epoch", number("ue", "-1"));
    attacks.put("38 cnf", added("\"cnf\":{\"jkt\":\"x\"}"));
    attacks.put("sid of nobody", replaced(text("sid"), "00000000-0000-4000-8000-000000000000"));
    attacks.put("sub of another", replaced(text("sub"), "00000000-0000-4000-8000-000000000000"));
    rejectAll(attacks);
  }

  @Test
  void rejectsTokensThatComeInTheWrongWay() {
    var client = person.client();
    assertThat(client.get("/sessions?access_token=" + genuine).code()).isEqualTo("token-missing");
    assertThat(client.with("Authorization", "Basic " + genuine).get("/sessions").code())
        .isEqualTo("token-invalid");
    assertThat(person.refresh(genuine).code()).isEqualTo("refresh-invalid");
  }

  @Test
  void hidesTheSessionsOfOthers() {
    var other = Person.registered(system.client()).login();
    var mine = person.client().bearer(genuine);
    for (var id :
        new String[] {
          other.text("session_id"), "00000000-0000-4000-8000-000000000000", "1", "x%00y"
        }) {
      assertThat(mine.get("/session/" + id).code()).isEqualTo("not-found");
    }
  }

  private void rejectAll(Map<String, String> attacks) {
    attacks.forEach(
        (name, token) -> {
          var answer = person.client().bearer(token).get("/sessions");
          assertThat(answer.status()).as(name).isEqualTo(401);
          assertThat(answer.code()).as(name).isEqualTo("token-invalid");
          assertThat(answer.header("WWW-Authenticate"))
              .as(name)
              .isEqualTo("Bearer realm=\"weir\", error=\"invalid_token\"");
        });
  }

  private int status(String token) {
    return person.client().bearer(token).get("/sessions").status();
  }

  private String number(String claim, String value) {
    return resigned(c -> c.replaceAll("\"" + claim + "\":\\d+", "\"" + claim + "\":" + value));
  }

  private String renamed(String claim) {
    return replaced("\"" + claim + "\":", "\"x-" + claim + "\":");
  }

  private String replaced(String from, String to) {
    return resigned(c -> c.replace(from, to));
  }

  private String added(String member) {
    return resigned(c -> c.replaceFirst("\\{", "{" + member + ","));
  }

  private String text(String claim) {
    return claims.replaceFirst(".*\"" + claim + "\":\"([^\"]*)\".*", "$1");
  }

  private String resigned(UnaryOperator<String> change) {
    var forged = change.apply(claims);
    assertThat(forged).isNotEqualTo(claims);
    return signed(header, forged);
  }

  private String withKid(String kid) {
    return header.replaceFirst(
        "\"kid\":\"[^\"]*\"", java.util.regex.Matcher.quoteReplacement("\"kid\":\"" + kid + "\""));
  }

  private String signed(String header, String claims) {
    return signed(header, claims, keys().ring().signingKey().key());
  }

  private String foreignSigned() throws NoSuchAlgorithmException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return signed(header, claims, generator.generateKeyPair().getPrivate());
  }

  private static String signed(String header, String claims, PrivateKey key) {
    try {
      var input = encoded(header) + "." + encoded(claims);
      var plain = new JWSHeader.Builder(JWSAlgorithm.RS256).type(JOSEObjectType.JWT).build();
      var signature = new RSASSASigner(key).sign(plain, input.getBytes(StandardCharsets.US_ASCII));
      return input + "." + signature;
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private String withSecret(byte[] secret) throws JOSEException {
    var input = encoded(header.replace("RS256", "HS256")) + "." + parts[1];
    var signature =
        new MACSigner(secret)
            .sign(new JWSHeader(JWSAlgorithm.HS256), input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + signature;
  }

  private byte[] publicKey() {
    var ring = keys().ring();
    return Optional.of(ring.signingKey().kid())
        .flatMap(ring::verificationKey)
        .orElseThrow()
        .getEncoded();
  }

  private Keys keys() {
    return system.context().getBean(Keys.class);
  }

  private static String encoded(String json) {
    return Base64URL.encode(json).toString();
  }

  private static String decoded(String part) {
    return new Base64URL(part).decodeToString();
  }
}
