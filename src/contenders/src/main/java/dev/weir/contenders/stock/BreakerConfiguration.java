package dev.weir.contenders.stock;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import java.time.Duration;
import org.springframework.cloud.circuitbreaker.resilience4j.ReactiveResilience4JCircuitBreakerFactory;
import org.springframework.cloud.circuitbreaker.resilience4j.Resilience4JConfigBuilder;
import org.springframework.cloud.client.circuitbreaker.Customizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Resilience4j's defaults, but for the second that its time limiter would give a call. */
@Configuration(proxyBeanMethods = false)
class BreakerConfiguration {
  private static final Duration TIME_LIMIT = Duration.ofSeconds(30);

  @Bean
  Customizer<ReactiveResilience4JCircuitBreakerFactory> breakers() {
    var limit = TimeLimiterConfig.custom().timeoutDuration(TIME_LIMIT).build();
    return factory ->
        factory.configureDefault(
            id ->
                new Resilience4JConfigBuilder(id)
                    .circuitBreakerConfig(CircuitBreakerConfig.ofDefaults())
                    .timeLimiterConfig(limit)
                    .build());
  }
}
