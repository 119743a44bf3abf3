package dev.weir.contenders;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.HttpConversionUtil.ExtensionHeaderNames;
import io.netty.util.AsciiString;
import java.util.List;

/** The header edits of a plain proxy, the least that RFC 9110 §7.6 leaves one. */
public final class Fields {
  private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
  private static final AsciiString FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
  private static final AsciiString HTTPS = AsciiString.cached("https");
  private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");

  /** Of this connection only; Transfer-Encoding stays where the codecs frame by it. */
  private static final List<AsciiString> HOP_BY_HOP =
      List.of(
          HttpHeaderNames.CONNECTION,
          AsciiString.cached("keep-alive"),
          HttpHeaderNames.TE,
          HttpHeaderNames.UPGRADE,
          PROXY_CONNECTION);

  private Fields() {}

  /** Makes the request one to the upstream. */
  public static void toUpstream(HttpHeaders headers, String authority, String client) {
    toClient(headers);
    headers.remove(HttpHeaderNames.EXPECT);
    headers.remove(ExtensionHeaderNames.SCHEME.text());
    headers.set(HttpHeaderNames.HOST, authority);
    String before = headers.get(FORWARDED_FOR);
    headers.set(FORWARDED_FOR, before == null ? client : before + ", " + client);
    headers.set(FORWARDED_PROTO, HTTPS);
  }

  /** Makes the response one to the client. */
  public static void toClient(HttpHeaders headers) {
    for (AsciiString name : HOP_BY_HOP) {
      headers.remove(name);
    }
  }
}
