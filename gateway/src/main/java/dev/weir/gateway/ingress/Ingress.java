package dev.weir.gateway.ingress;

import dev.weir.gateway.exchange.DeadlineField;
import dev.weir.gateway.exchange.RequestHead;
import dev.weir.gateway.ingress.Inbound.Protocol;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.util.List;

/**
 * The stage that nothing below may do without: checks framing and target, finds the client address
 * and leaves only fields that may be believed.
 *
 * <p>Netty has already refused what is no HTTP at all. What remains here is what a lenient upstream
 * might read differently from us (RFC 9112 §11): transfer codings, repeated or missing Host,
 * ambiguous paths.
 */
public final class Ingress {
  private static final String VERSION = "13";

  /** The fields of one request; more have no honest use and cost 130 bytes each. */
  public static final int MAX_FIELDS = 100;

  /** Says so to a client. */
  public static final String FIELDS_DETAIL =
      "This gateway takes up to " + MAX_FIELDS + " header fields.";

  private final TrustedProxies trusted;
  private final RequestFields fields;

  /** What came of a head. */
  public sealed interface Outcome {
    /**
     * Fit for matching.
     *
     * @param bodyPresent what the framing says
     * @param upgrade whether the client asks for a WebSocket
     */
    record Accepted(RequestHead head, boolean bodyPresent, boolean upgrade) implements Outcome {}

    /** To be refused. */
    record Refused(Rejection rejection) implements Outcome {}
  }

  /**
   * Sets the policy.
   *
   * @param trusted the peers whose forwarded fields are believed
   * @param sessionCookies which cookies go to which paths only
   */
  public Ingress(TrustedProxies trusted, SessionCookies sessionCookies) {
    this.trusted = trusted;
    this.fields = new RequestFields(sessionCookies);
  }

  /** Checks a head and edits its fields in place. */
  public Outcome receive(Inbound inbound) {
    HttpHeaders headers = inbound.headers();
    if (headers.size() > MAX_FIELDS) {
      return new Outcome.Refused(Rejection.of(GatewayError.TOO_MANY_FIELDS, FIELDS_DETAIL));
    }
    String fault = framingFault(inbound.protocol(), headers);
    if (!fault.isEmpty()) {
      return refused(fault);
    }
    if (inbound.method().equals(HttpMethod.CONNECT) || inbound.method().equals(HttpMethod.TRACE)) {
      return refused("This gateway takes neither CONNECT nor TRACE.");
    }
    boolean upgrade = asksForWebSocket(headers);
    if (upgrade && !mayUpgrade(inbound)) {
      return new Outcome.Refused(
          Rejection.of(
              GatewayError.UPGRADE_UNSUPPORTED,
              "A WebSocket is asked for with GET over HTTP/1.1, a key and version 13."));
    }
    return switch (Target.parse(inbound.target(), headers.get(HttpHeaderNames.HOST))) {
      case Target.Bad(String reason) -> refused(reason);
      case Target.Good target -> accept(inbound, target, upgrade);
    };
  }

  /** Returns a head for the log of a request that was refused before it could be read. */
  public static RequestHead unreadable(Inbound inbound) {
    return new RequestHead(
        inbound.method(),
        inbound.scheme(),
        "",
        "",
        "",
        inbound.peer().getHostAddress(),
        RequestIds.mint(),
        inbound.headers());
  }

  private Outcome accept(Inbound inbound, Target.Good target, boolean upgrade) {
    return switch (PathNormaliser.normalise(target.rawPath())) {
      case PathNormaliser.Result.Refused(String reason) -> refused(reason);
      case PathNormaliser.Result.Normal(String path) -> accept(inbound, target, path, upgrade);
    };
  }

  private Outcome accept(Inbound inbound, Target.Good target, String path, boolean upgrade) {
    HttpHeaders headers = inbound.headers();
    boolean bodyPresent = bodyPresent(headers);
    boolean trustedPeer = trusted.contains(inbound.peer());
    InetAddress client =
        trustedPeer
            ? ClientAddress.resolve(
                inbound.peer(), headers.getAll(RequestFields.X_FORWARDED_FOR), trusted)
            : inbound.peer();
    String requestId = trustedPeer ? RequestIds.keepOrMint(headers) : RequestIds.mint();
    long allowedNanos = trustedPeer ? DeadlineField.read(headers) : DeadlineField.UNBOUNDED;
    fields.strip(headers, path, trustedPeer);
    fields.stamp(headers, inbound, target.authority(), requestId);
    RequestHead head =
        new RequestHead(
            inbound.method(),
            inbound.scheme(),
            target.host(),
            path,
            target.query(),
            client.getHostAddress(),
            requestId,
            headers,
            allowedNanos);
    return new Outcome.Accepted(head, bodyPresent, upgrade);
  }

  private static String framingFault(Protocol protocol, HttpHeaders headers) {
    if (protocol == Protocol.UNKNOWN) {
      return "This gateway speaks HTTP/1.0, HTTP/1.1 and HTTP/2.";
    }
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty()) {
      if (protocol == Protocol.HTTP_1_0) {
        return "HTTP/1.0 has no transfer codings.";
      }
      if (codings.size() != 1 || !codings.getFirst().strip().equalsIgnoreCase("chunked")) {
        return "The only transfer coding taken is chunked.";
      }
      if (protocol == Protocol.HTTP_1_1 && headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
        return "A request has either Transfer-Encoding or Content-Length.";
      }
    }
    List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1) {
      return "A request has one Host field.";
    }
    if (hosts.isEmpty() && protocol != Protocol.HTTP_1_0) {
      return "A request needs a Host.";
    }
    return "";
  }

  private static boolean asksForWebSocket(HttpHeaders headers) {
    String upgrade = headers.get(HttpHeaderNames.UPGRADE);
    // Other upgrades, h2c among them, may be ignored (RFC 9110 §7.8); the field is stripped below.
    return upgrade != null && AsciiString.containsIgnoreCase(upgrade, "websocket");
  }

  /** RFC 6455 §4.1; over HTTP/2 it would be another handshake (RFC 8441), which is not offered. */
  private static boolean mayUpgrade(Inbound inbound) {
    return inbound.protocol() == Protocol.HTTP_1_1
        && inbound.method().equals(HttpMethod.GET)
        && !bodyPresent(inbound.headers())
        && inbound.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
        && VERSION.contentEquals(inbound.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION, ""));
  }

  private static boolean bodyPresent(HttpHeaders headers) {
    if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return true;
    }
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    return length != null && !length.equals("0");
  }

  private static Outcome refused(String reason) {
    return new Outcome.Refused(Rejection.of(GatewayError.BAD_REQUEST, reason));
  }
}
