package dev.weir.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.ingress.Inbound.Protocol;
import dev.weir.gateway.ingress.Ingress.Outcome;
import dev.weir.gateway.problem.GatewayError;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IngressTest {
  private static final String STRANGER = "203.0.113.7";
  private static final String PROXY = "10.1.2.3";

  private final Ingress ingress =
      new Ingress(
          TrustedProxies.parse(List.of("10.0.0.0/8", "fd00::/8")),
          new SessionCookies("__Host-rt", Set.of("/auth/logout")));

  @Test
  void acceptsAPlainRequestAndStampsIt() {
    Outcome.Accepted accepted =
        accept(STRANGER, "/api/orders?x=1", fields("Host", "Example.COM:8443"));
    assertThat(accepted.bodyPresent()).isFalse();
    assertThat(accepted.head().host()).isEqualTo("example.com");
    assertThat(accepted.head().path()).isEqualTo("/api/orders");
    assertThat(accepted.head().query()).isEqualTo("?x=1");
    assertThat(accepted.head().clientAddress()).isEqualTo(STRANGER);
    HttpHeaders out = accepted.head().headers();
    assertThat(out.get("X-Forwarded-For")).isEqualTo(STRANGER);
    assertThat(out.get("X-Forwarded-Proto")).isEqualTo("https");
    assertThat(out.get("X-Forwarded-Host")).isEqualTo("example.com:8443");
    assertThat(out.get("Forwarded"))
        .isEqualTo("for=203.0.113.7;host=\"example.com:8443\";proto=https");
    assertThat(out.get("X-Request-Id")).matches("[0-9a-f]{32}");
    assertThat(out.get("traceparent"))
        .matches("00-" + out.get("X-Request-Id") + "-[0-9a-f]{16}-00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Weir-Subject",
        "x_weir_subject",
        "X-WEIR-Roles",
        "X-Forwarded-For",
        "X_Forwarded_For",
        "X-Forwarded-Proto",
        "Forwarded",
        "X-Real-IP",
        "X-Original-URL",
        "X-HTTP-Method-Override",
        "X_Method_Override",
        "True-Client-IP",
        "X-Rewrite-URL",
        "X-Request-Id",
        "traceparent",
        "x-http2-path",
        "Proxy-Authorization",
        "Proxy",
        "CF-Connecting-IP",
        "Remote-User",
        "X-Remote-Addr",
        "X-Auth-Request-Email",
        "X-SSL-Client-Verify",
        "X-Forwarded",
        "Forwarded-For",
        "Keep-Alive",
        "TE",
        "Trailer",
        "HTTP2-Settings",
      })
  void stripsWhatAClientMayNotSend(String name) {
    Outcome.Accepted accepted = accept(STRANGER, "/", fields("Host", "h", name, "forged"));
    assertThat(accepted.head().headers().getAll(name)).doesNotContain("forged");
    assertThat(accepted.head().headers().getAll("X-Forwarded-For")).containsExactly(STRANGER);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 250, 250000000",
    "10.1.2.3, 0, 0",
    "10.1.2.3, 999999999999, 999999999999000000",
    "10.1.2.3, 1000000000000, 9223372036854775807",
    "10.1.2.3, -1, 9223372036854775807",
    "10.1.2.3, 1e3, 9223372036854775807",
    "10.1.2.3, '', 9223372036854775807",
    "203.0.113.7, 250, 9223372036854775807"
  })
  void believesADeadlineOfATrustedProxyOnly(String peer, String millis, long nanos) {
    Outcome.Accepted accepted =
        accept(peer, "/", fields("Host", "h", "X-Weir-Deadline-Ms", millis));
    assertThat(accepted.head().allowedNanos()).isEqualTo(nanos);
    assertThat(accepted.head().headers().contains("X-Weir-Deadline-Ms")).isFalse();
  }

  @Test
  void takesTheShortestOfSeveralDeadlines() {
    HttpHeaders several =
        fields("Host", "h", "X-Weir-Deadline-Ms", "x", "X-Weir-Deadline-Ms", "300");
    several.add("X-Weir-Deadline-Ms", "200").add("X_Weir_Deadline_Ms", "1");
    assertThat(accept(PROXY, "/", several).head().allowedNanos()).isEqualTo(200_000_000);
  }

  @Test
  void stripsWhatConnectionNominatesButNotWhatSecurityRestsOn() {
    Outcome.Accepted accepted =
        accept(
            STRANGER,
            "/",
            fields(
                "Host",
                "h",
                "Connection",
                "close, X-Hop, Authorization",
                "X-Hop",
                "1",
                "Authorization",
                "Bearer t"));
    HttpHeaders out = accepted.head().headers();
    assertThat(out.contains("Connection")).isFalse();
    assertThat(out.contains("X-Hop")).isFalse();
    assertThat(out.get("Authorization")).isEqualTo("Bearer t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.7 | 1.2.3.4              | 203.0.113.7",
        "10.1.2.3    | 1.2.3.4              | 1.2.3.4",
        "10.1.2.3    | 6.6.6.6, 1.2.3.4     | 1.2.3.4",
        "10.1.2.3    | 1.2.3.4, 10.9.9.9    | 1.2.3.4",
        "10.1.2.3    | 10.8.8.8, 10.9.9.9   | 10.8.8.8",
        "10.1.2.3    | evil, 1.2.3.4        | 1.2.3.4",
        "10.1.2.3    | evil                 | 10.1.2.3",
        "10.1.2.3    | 1.2.3.4,             | 10.1.2.3",
        "fd00::1     | 2001:db8::5          | 2001:db8:0:0:0:0:0:5",
      })
  void findsTheClientFromTheRight(String peer, String forwardedFor, String expected) {
    Outcome.Accepted accepted =
        accept(peer.strip(), "/", fields("Host", "h", "X-Forwarded-For", forwardedFor));
    assertThat(accepted.head().clientAddress()).isEqualTo(expected);
  }

  @Test
  void believesATrustedProxyAndAppendsToItsChain() {
    Outcome.Accepted accepted =
        accept(
            PROXY,
            "/",
            fields(
                "Host",
                "h",
                "X-Forwarded-For",
                "1.2.3.4",
                "X-Forwarded-Proto",
                "http",
                "X-Request-Id",
                "edge-7",
                "traceparent",
                "00-aa-bb-01"));
    HttpHeaders out = accepted.head().headers();
    assertThat(out.get("X-Forwarded-For")).isEqualTo("1.2.3.4, 10.1.2.3");
    assertThat(out.get("X-Forwarded-Proto")).isEqualTo("http");
    assertThat(accepted.head().requestId()).isEqualTo("edge-7");
    assertThat(out.get("traceparent")).isEqualTo("00-aa-bb-01");
  }

  @Test
  void stripsUnderscoredFieldsThatAClientWrotePastAProxy() {
    HttpHeaders out =
        accept(PROXY, "/", fields("Host", "h", "X_Forwarded_For", "6.6.6.6")).head().headers();
    assertThat(out.contains("X_Forwarded_For")).isFalse();
  }

  @Test
  void neverTakesAnUnprintableRequestId() {
    Outcome.Accepted accepted =
        accept(PROXY, "/", fields("Host", "h", "X-Request-Id", "\"},{\"x\":\""));
    assertThat(accepted.head().requestId()).matches("[0-9a-f]{32}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/x            | a=1; __Host-rt=s; b=2 | a=1; b=2",
        "/x            | __Host-rt=s           | ",
        "/x            | x__Host-rt=s          | x__Host-rt=s",
        "/x            | a=1;__Host-rt=s       | a=1",
        "/auth/logout  | a=1; __Host-rt=s      | a=1; __Host-rt=s",
      })
  void withholdsTheRefreshCookie(String path, String cookie, String expected) {
    Outcome.Accepted accepted = accept(STRANGER, path, fields("Host", "h", "Cookie", cookie));
    assertThat(accepted.head().headers().get("Cookie")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Transfer-Encoding | gzip, chunked",
        "Transfer-Encoding | identity",
        "Transfer-Encoding | chunked, chunked",
        "Host              | other",
      })
  void refusesAmbiguousFraming(String name, String value) {
    refuse(fields("Host", "h", name, value));
  }

  @Test
  void refusesBothFramings() {
    refuse(fields("Host", "h", "Transfer-Encoding", "chunked", "Content-Length", "5"));
  }

  @Test
  void refusesAMissingOrMalformedHost() {
    refuse(fields());
    refuse(fields("Host", "a/b"));
    refuse(fields("Host", "a@b"));
    refuse(fields("Host", "a:1:2"));
    refuse(fields("Host", "a:99999999"));
    refuse(fields("Host", "[::1"));
    refuse(fields("Host", "[x]:1"));
    refuse(fields("Host", "a]b"));
    assertThat(accept(STRANGER, "/", fields("Host", "[::1]:8443")).head().host())
        .isEqualTo("[::1]");
  }

  @Test
  void refusesATargetThatNamesAnotherHost() {
    Outcome outcome = receive(STRANGER, "https://other/x", fields("Host", "h"));
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(accept(STRANGER, "https://h/x", fields("Host", "h")).head().path()).isEqualTo("/x");
  }

  @Test
  void tellsWhoAsksForAWebSocketAndTakesTheFieldsOfThisConnectionOff() {
    Outcome.Accepted asked = accept(STRANGER, "/", webSocket("x", "y"));
    assertThat(asked.upgrade()).isTrue();
    assertThat(asked.head().headers().contains("Upgrade")).isFalse();
    assertThat(accept(STRANGER, "/", fields("Host", "h", "Upgrade", "h2c")).upgrade()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"Content-Length, 3", "Sec-WebSocket-Version, 12", "Sec-WebSocket-Version, ''"})
  void refusesAWebSocketThatIsNotAskedForAsItMustBe(String name, String value) {
    assertThat(receive(STRANGER, "/", webSocket(name, value)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused ->
                assertThat(refused.rejection().error())
                    .isEqualTo(GatewayError.UPGRADE_UNSUPPORTED));
  }

  private static HttpHeaders webSocket(String name, String value) {
    return fields(
            "Host", "h",
            "Upgrade", "WebSocket",
            "Connection", "Upgrade",
            "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version", "13")
        .set(name, value);
  }

  @Test
  void seesABodyByItsFraming() {
    assertThat(accept(STRANGER, "/", fields("Host", "h", "Content-Length", "3")).bodyPresent())
        .isTrue();
    assertThat(accept(STRANGER, "/", fields("Host", "h", "Content-Length", "0")).bodyPresent())
        .isFalse();
    assertThat(
            accept(STRANGER, "/", fields("Host", "h", "Transfer-Encoding", "chunked"))
                .bodyPresent())
        .isTrue();
  }

  private void refuse(HttpHeaders headers) {
    assertThat(receive(STRANGER, "/", headers))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.rejection().error()).isEqualTo(GatewayError.BAD_REQUEST));
  }

  private Outcome.Accepted accept(String peer, String target, HttpHeaders headers) {
    Outcome outcome = receive(peer, target, headers);
    assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
    return (Outcome.Accepted) outcome;
  }

  private Outcome receive(String peer, String target, HttpHeaders headers) {
    return ingress.receive(
        new Inbound(
            HttpMethod.GET,
            target,
            Protocol.HTTP_1_1,
            "https",
            headers,
            InetAddress.ofLiteral(peer)));
  }

  private static HttpHeaders fields(String... pairs) {
    HttpHeaders headers = new DefaultHttpHeaders();
    for (int i = 0; i < pairs.length; i += 2) {
      headers.add(pairs[i], pairs[i + 1]);
    }
    return headers;
  }
}
