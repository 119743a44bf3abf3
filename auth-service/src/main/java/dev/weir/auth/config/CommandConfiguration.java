package dev.weir.auth.config;

import dev.weir.auth.audit.AuditVerification;
import dev.weir.auth.key.Keys;
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
  KeyConfiguration.class,
  ProofConfiguration.class
})
class CommandConfiguration {
  @Bean
  MeterRegistry meterRegistry() {
    return new SimpleMeterRegistry();
  }

  @Bean
  AuditVerification auditVerification(Databases databases, Keys keys) {
    return new AuditVerification(databases.as(DatabaseRole.READING), keys);
  }
}
