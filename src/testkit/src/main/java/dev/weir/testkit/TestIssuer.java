package dev.weir.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.List;
import java.util.Map;

/**
 * Stands in for Weir's identity service in a test: signs tokens of the same shape, and publishes
 * its key set and metadata on a free port of this machine. What it signs is good for nobody else.
 */
public final class TestIssuer implements AutoCloseable {
  private static final int KEY_BITS = 2048;
  private static final String KEY_ID = "testkit-1";

  private final String audience;
  private final HttpServer server;
  private final KeyPair keys =
      Signing.keys("RSA", new RSAKeyGenParameterSpec(KEY_BITS, RSAKeyGenParameterSpec.F4));

  private TestIssuer(String audience) throws IOException {
    this.audience = audience;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/.well-known/jwks.json", call -> answer(call, keySet()));
    server.createContext("/.well-known/openid-configuration", call -> answer(call, metadata()));
    server.createContext(
        "/.well-known/oauth-authorization-server", call -> answer(call, metadata()));
    server.start();
  }

  /** Starts an issuer of tokens for {@code weir-api}. */
  public static TestIssuer start() {
    return start("weir-api");
  }

  /** Starts an issuer of tokens for this audience. */
  public static TestIssuer start(String audience) {
    try {
      return new TestIssuer(audience);
    } catch (IOException noPort) {
      throw new UncheckedIOException(noPort);
    }
  }

  /** Returns what {@code iss} says: the address that it answers on. */
  public String name() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Returns what {@code aud} says. */
  public String audience() {
    return audience;
  }

  /** Returns where the key set is. */
  public URI jwks() {
    return URI.create(name() + "/.well-known/jwks.json");
  }

  /** Opens a session of somebody with no roles, no scopes, and a password alone. */
  public TestSession session(String subject) {
    return TestSession.of(this, subject);
  }

  String sign(Map<String, ?> claims) {
    Map<String, String> header = Map.of("typ", "at+jwt", "alg", "RS256", "kid", KEY_ID);
    return Signing.compact(header, claims, keys, "SHA256withRSA");
  }

  private Map<String, ?> keySet() {
    RSAPublicKey key = (RSAPublicKey) keys.getPublic();
    return Map.of(
        "keys",
        List.of(
            Map.of(
                "kty",
                "RSA",
                "use",
                "sig",
                "alg",
                "RS256",
                "kid",
                KEY_ID,
                "n",
                Signing.unsigned(key.getModulus().toByteArray(), KEY_BITS / 8),
                "e",
                Signing.unsigned(key.getPublicExponent().toByteArray(), 0))));
  }

  private Map<String, ?> metadata() {
    return Map.of("issuer", name(), "jwks_uri", jwks());
  }

  private static void answer(HttpExchange call, Map<String, ?> body) throws IOException {
    try (call) {
      byte[] bytes = Json.of(body).getBytes(StandardCharsets.UTF_8);
      call.getResponseHeaders().set("Content-Type", "application/json");
      call.getResponseHeaders().set("Cache-Control", "max-age=300");
      call.sendResponseHeaders(200, bytes.length);
      call.getResponseBody().write(bytes);
    }
  }

  /** Answers no more. */
  @Override
  public void close() {
    server.stop(0);
  }
}
