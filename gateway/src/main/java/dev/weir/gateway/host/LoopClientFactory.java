package dev.weir.gateway.host;

import java.util.List;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.cloud.gateway.config.HttpClientFactory;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.cloud.gateway.config.HttpClientSslConfigurer;
import reactor.netty.resources.ConnectionProvider;

/** Makes the host's HTTP client as the host would, but for its pools: {@link LoopPools}. */
public final class LoopClientFactory extends HttpClientFactory {

  /** Takes what the host's own factory takes. */
  public LoopClientFactory(
      HttpClientProperties properties,
      ServerProperties server,
      HttpClientSslConfigurer tls,
      List<HttpClientCustomizer> customizers) {
    super(properties, server, tls, customizers);
  }

  @Override
  protected ConnectionProvider buildConnectionProvider(HttpClientProperties properties) {
    return new LoopPools(() -> super.buildConnectionProvider(properties));
  }
}
