package dev.weir.gateway.ingress;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetAddress;

/**
 * A request's head as the protocol layer hands it over; nothing of it is to be trusted.
 *
 * @param target the request target as sent: origin form, or absolute form
 * @param peer who holds the other end of the connection
 */
public record Inbound(
    HttpMethod method,
    String target,
    Protocol protocol,
    String scheme,
    HttpHeaders headers,
    InetAddress peer) {

  /** The protocol spoken with the client. */
  public enum Protocol {
    HTTP_1_0("HTTP/1.0"),
    HTTP_1_1("HTTP/1.1"),
    HTTP_2("HTTP/2"),
    /** A version that the codec lets through and nobody has defined, such as HTTP/9.1. */
    UNKNOWN("unknown");

    private final String text;

    Protocol(String text) {
      this.text = text;
    }

    /** Returns the spelling used in the access log. */
    public String text() {
      return text;
    }
  }
}
