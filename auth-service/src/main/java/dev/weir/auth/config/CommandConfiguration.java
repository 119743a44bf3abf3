package dev.weir.auth.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The service without its server, for commands; nobody scrapes what one counts. */
@Configuration(proxyBeanMethods = false)
@Import({
  AccountConfiguration.class,
  CapabilityConfiguration.class,
  InfrastructureConfiguration.class,
  ProofConfiguration.class
})
class CommandConfiguration {
  @Bean
  MeterRegistry meterRegistry() {
    return new SimpleMeterRegistry();
  }
}
