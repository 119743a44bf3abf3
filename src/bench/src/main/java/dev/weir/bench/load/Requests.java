package dev.weir.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests of a run, encoded once, one per caller and taken in turn.
 *
 * <p>HTTP/2 blocks use static entries and literals only, with long values in Huffman code. A
 * browser's own connection would send its one token by index from the second request on; a
 * connection that carries many callers, as from a CDN, cannot, and 64 tokens do not fit the table.
 */
public final class Requests implements AutoCloseable {
  private static final String AGENT = "weir-bench";

  private static final int UNSTAMPED = -1;
  // Enough that a buffer is written out long before its turn comes again.
  private static final int STAMPED = 256;

  private final ByteBuf[] encoded;
  private final int callers;
  private final int stampAt;
  private final SendLog log;
  private int turn;

  private Requests(List<ByteBuf> encoded, int callers, int stampAt, SendLog log) {
    this.encoded = encoded.toArray(ByteBuf[]::new);
    this.callers = callers;
    this.stampAt = stampAt;
    this.log = log;
  }

  /** Hears of each stamped request, on the event loop that sends it. */
  public interface SendLog {
    /** A request of the caller is sent now. */
    void sent(int caller, long nanos);
  }

  /**
   * Encodes a GET of the path for each token.
   *
   * @param tokens bearer tokens; a single empty one: no Authorization field
   */
  public static Requests of(Protocol protocol, String authority, String path, List<String> tokens) {
    return new Requests(
        tokens.stream()
            .map(
                token ->
                    switch (protocol) {
                      case H1 -> http1(authority, path, token);
                      case H2 -> http2(authority, path, token);
                    })
            .toList(),
        tokens.size(),
        UNSTAMPED,
        (_, _) -> {});
  }

  /**
   * Encodes HTTP/1.1 GETs that say when they were sent: below the path, a segment for the caller's
   * number and one for the {@link Stamp}.
   */
  public static Requests stamped(String authority, String path, List<String> tokens, SendLog log) {
    var buffers = new ArrayList<ByteBuf>();
    int rounds = (STAMPED + tokens.size() - 1) / tokens.size();
    for (int i = 0; i < rounds * tokens.size(); i++) {
      int caller = i % tokens.size();
      var stamped = "%s/%03d/%s".formatted(path, caller, Stamp.EMPTY);
      buffers.add(http1(authority, stamped, tokens.get(caller)));
    }
    return new Requests(
        buffers, tokens.size(), "GET ".length() + path.length() + "/000/".length(), log);
  }

  /** The next caller's request; stays owned by this. */
  ByteBuf next() {
    var request = encoded[turn];
    int caller = turn % callers;
    turn = turn + 1 == encoded.length ? 0 : turn + 1;
    if (stampAt != UNSTAMPED) {
      long now = System.nanoTime();
      Stamp.write(request, request.readerIndex() + stampAt, now);
      log.sent(caller, now);
    }
    return request;
  }

  /** Gives the buffers back; what is still being written keeps its own hold on them. */
  @Override
  public void close() {
    for (var request : encoded) {
      request.release();
    }
  }

  private static ByteBuf http1(String authority, String path, String token) {
    var authorization = token.isEmpty() ? "" : "authorization: Bearer " + token + "\r\n";
    var text =
        "GET %s HTTP/1.1\r\nhost: %s\r\nuser-agent: %s\r\naccept: */*\r\n%s\r\n"
            .formatted(path, authority, AGENT, authorization);
    return Unpooled.directBuffer().writeBytes(text.getBytes(US_ASCII));
  }

  private static ByteBuf http2(String authority, String path, String token) {
    var headers =
        new DefaultHttp2Headers(false)
            .method("GET")
            .scheme("https")
            .authority(authority)
            .path(path)
            .add("user-agent", AGENT)
            .add("accept", "*/*");
    if (!token.isEmpty()) {
      headers.add("authorization", "Bearer " + token);
    }
    try {
      // With a table of size 0 the encoder may refer to nothing that came before. Each block says
      // so
      // again in its first byte, which is allowed and keeps it free of state.
      var encoder = new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE);
      encoder.configuration().maxHeaderTableSize(0);
      var block = Unpooled.buffer();
      encoder.encodeHeaders(1, headers, block);
      var frame = Unpooled.directBuffer().writeMedium(block.readableBytes());
      frame.writeByte(Http2FrameTypes.HEADERS).writeByte(0x5).writeInt(0).writeBytes(block);
      return frame;
    } catch (Http2Exception e) {
      throw new IllegalStateException("a request that cannot be encoded", e);
    }
  }
}
