package dev.weir.gateway.config;

import dev.weir.gateway.host.ExtensionHost;
import java.util.List;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.codec.ServerCodecConfigurer;

/** Mounts Spring Cloud Gateway's filter chain. */
@Configuration(proxyBeanMethods = false)
@SuppressWarnings("rawtypes") // the host's own lists of factories are raw
class HostConfiguration {

  @Bean
  ExtensionHost extensionHost(
      FilteringWebHandler filters,
      List<GatewayFilterFactory> factories,
      ConfigurationService configuration,
      ServerCodecConfigurer codecs) {
    return new ExtensionHost(filters, factories, configuration, codecs);
  }
}
