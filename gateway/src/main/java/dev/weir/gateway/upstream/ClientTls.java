package dev.weir.gateway.upstream;

import dev.weir.gateway.route.Protocol;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import javax.net.ssl.SSLException;

/** How TLS to upstreams is set up: the peer proves its name, and HTTP/2 is agreed on by ALPN. */
final class ClientTls {
  private ClientTls() {}

  /** Trusts what the JDK trusts. */
  static SslContext trustOfTheJdk(Protocol protocol) {
    try {
      return of(SslContextBuilder.forClient(), protocol);
    } catch (SSLException e) {
      throw new IllegalStateException("this JDK has no usable TLS", e);
    }
  }

  /** Trusts what the builder was told to. */
  static SslContext of(SslContextBuilder builder, Protocol protocol) throws SSLException {
    builder.endpointIdentificationAlgorithm("HTTPS");
    if (protocol.isMultiplexed()) {
      builder
          // Without those that RFC 9113 §9.2.2 forbids.
          .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  ApplicationProtocolConfig.Protocol.ALPN,
                  ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                  ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                  ApplicationProtocolNames.HTTP_2));
    }
    return builder.build();
  }
}
