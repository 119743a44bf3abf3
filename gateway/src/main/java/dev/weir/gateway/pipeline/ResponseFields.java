package dev.weir.gateway.pipeline;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/**
 * The security fields of every response, whoever wrote it. An upstream that has set one knows
 * better and keeps it, but for those that would tell strangers what runs inside, and those that
 * speak for the whole origin: one upstream may not take HTTPS or the address from all others.
 *
 * <p>Per response: three removals and five sets by names and values made once; ResponseFieldsBench:
 * 0.1 us.
 */
final class ResponseFields {
  private static final AsciiString HSTS = AsciiString.cached("strict-transport-security");
  private static final AsciiString HSTS_VALUE =
      AsciiString.cached("max-age=31536000; includeSubDomains");
  private static final AsciiString CONTENT_TYPE_OPTIONS =
      AsciiString.cached("x-content-type-options");
  private static final AsciiString NOSNIFF = AsciiString.cached("nosniff");
  private static final AsciiString REFERRER_POLICY = AsciiString.cached("referrer-policy");
  private static final AsciiString NO_REFERRER = AsciiString.cached("no-referrer");
  private static final AsciiString FRAME_OPTIONS = AsciiString.cached("x-frame-options");
  private static final AsciiString DENY = AsciiString.cached("DENY");
  private static final AsciiString ALT_SVC = AsciiString.cached("alt-svc");
  private static final AsciiString POWERED_BY = AsciiString.cached("x-powered-by");
  static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");

  private ResponseFields() {}

  static void harden(HttpHeaders headers, String requestId) {
    headers.remove(HttpHeaderNames.SERVER);
    headers.remove(POWERED_BY);
    headers.remove(ALT_SVC);
    headers.set(HSTS, HSTS_VALUE);
    setIfAbsent(headers, CONTENT_TYPE_OPTIONS, NOSNIFF);
    setIfAbsent(headers, REFERRER_POLICY, NO_REFERRER);
    setIfAbsent(headers, FRAME_OPTIONS, DENY);
    headers.set(REQUEST_ID, requestId);
  }

  private static void setIfAbsent(HttpHeaders headers, AsciiString name, AsciiString value) {
    if (!headers.contains(name)) {
      headers.set(name, value);
    }
  }
}
