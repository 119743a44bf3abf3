package dev.weir.gateway.exchange;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;

/**
 * A request's head as ingress left it: framing checked, path normalised, client address known,
 * nothing in the fields that a client may not send.
 *
 * @param scheme http or https
 * @param host lower case, without port
 * @param path absolute, normalised, still percent-encoded
 * @param query with its leading question mark, or empty
 * @param clientAddress the textual IP address, taken through trusted proxies
 * @param requestId minted here; goes to the upstream, the log and every problem
 * @param headers the fields, edited in place on the way to the upstream
 * @param allowedNanos how long a trusted proxy waits for the answer, or {@link
 *     DeadlineField#UNBOUNDED}
 */
public record RequestHead(
    HttpMethod method,
    String scheme,
    String host,
    String path,
    String query,
    String clientAddress,
    String requestId,
    HttpHeaders headers,
    long allowedNanos) {

  /** Makes the head of a request whose sender sets no bound on time. */
  public RequestHead(
      HttpMethod method,
      String scheme,
      String host,
      String path,
      String query,
      String clientAddress,
      String requestId,
      HttpHeaders headers) {
    this(
        method,
        scheme,
        host,
        path,
        query,
        clientAddress,
        requestId,
        headers,
        DeadlineField.UNBOUNDED);
  }

  /**
   * Returns the target for the upstream: the path without the prefix, and the query. Without either
   * of them, the usual case, the path is taken as it is.
   */
  public String targetWithout(String prefix) {
    String rest = path;
    if (!prefix.isEmpty() && path.startsWith(prefix)) {
      rest = path.substring(prefix.length());
      if (rest.isEmpty() || rest.charAt(0) != '/') {
        rest = "/".concat(rest);
      }
    }
    return query.isEmpty() ? rest : rest.concat(query);
  }
}
