package dev.weir.gateway.upstream;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/**
 * Makes the frame codecs of connections to upstreams: strict, bounded, without push.
 *
 * <p>Each stream has a window of 64 KiB, which is what a stalled one holds at most. The window of
 * the connection is refilled as it is used: were it not, a few clients that read slowly would stop
 * the answers of all others that share it.
 */
final class FrameCodecs extends Http2FrameCodecBuilder {
  /** A share of its window that a stream has used up before it is given more. */
  private static final float WINDOW_RATIO = 0.5f;

  private FrameCodecs() {
    DefaultHttp2Connection connection = new DefaultHttp2Connection(false, 0);
    connection
        .local()
        .flowController(new DefaultHttp2LocalFlowController(connection, WINDOW_RATIO, true));
    connection
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(
                connection, new UniformStreamByteDistributor(connection)));
    connection(connection);
    initialSettings(
        Http2Settings.defaultSettings()
            .pushEnabled(false)
            .maxHeaderListSize(ResponseDecoder.MAX_HEADER_BYTES));
    headerSensitivityDetector((name, _) -> PrivateFields.contains(name));
    validateHeaders(true);
    gracefulShutdownTimeoutMillis(0);
  }

  static Http2FrameCodec client() {
    return new FrameCodecs().build();
  }

  @Override
  public boolean isServer() {
    return false;
  }
}
