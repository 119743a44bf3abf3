package dev.weir.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import java.util.List;

/**
 * Decodes the answers of one connection, strictly and bounded, and can tell whether bytes are left
 * that nobody asked for. {@code HttpClientCodec} cannot: a connection would go back to its pool
 * with the beginning of a forged answer in the decoder, and the next request would be given it.
 */
final class ResponseDecoder extends HttpResponseDecoder implements AnswerReader {
  static final int MAX_HEADER_BYTES = 32 * 1024;
  private static final int MAX_INITIAL_LINE_BYTES = 4 * 1024;

  /** Chunks are not cut smaller than one read, see {@link Connector}. */
  private static final int MAX_CHUNK_BYTES = 32 * 1024;

  private boolean head;
  private boolean anyByte;

  ResponseDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_INITIAL_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxChunkSize(MAX_CHUNK_BYTES)
            .setValidateHeaders(true)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
  }

  @Override
  public void expect(HttpMethod method) {
    head = HttpMethod.HEAD.equals(method);
    anyByte = false;
  }

  @Override
  public boolean anyByte() {
    return anyByte;
  }

  /** Bytes that arrived beyond the answer's end would begin the next one. */
  @Override
  public boolean mayServeAgain() {
    return actualReadableBytes() == 0;
  }

  @Override
  public boolean isRefused() {
    return false;
  }

  @Override
  public boolean mayTrail() {
    return false;
  }

  /** The connection closes, so that there is nothing to note. */
  @Override
  public void noteTimeout() {}

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    anyByte = true;
    super.decode(ctx, buffer, out);
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    boolean informational =
        message instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    return (head && !informational) || super.isContentAlwaysEmpty(message);
  }
}
