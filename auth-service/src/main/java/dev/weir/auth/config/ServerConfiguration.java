package dev.weir.auth.config;

import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Endpoints;
import dev.weir.auth.exchange.ExchangeFilter;
import dev.weir.auth.exchange.ProblemBoundary;
import dev.weir.auth.observe.AuthMetrics;
import java.util.List;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.jvm.JvmMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.system.SystemMetricsAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.actuate.web.server.NettyReactiveManagementContextAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.actuate.endpoint.web.WebFluxHealthEndpointExtensionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.RouterFunctions;

/**
 * The server: one handler over all endpoints, on Netty; the management port is Spring Boot's. What
 * Boot may configure is listed here and nothing else is looked for, which also halves the time to
 * start.
 */
@Configuration(proxyBeanMethods = false)
@Import({
  AccountConfiguration.class,
  CapabilityConfiguration.class,
  InfrastructureConfiguration.class,
  KeyConfiguration.class,
  FlowConfiguration.class,
  PasskeyConfiguration.class,
  ProofConfiguration.class,
  RegistrationConfiguration.class
})
@ImportAutoConfiguration({
  ApplicationAvailabilityAutoConfiguration.class,
  AvailabilityHealthContributorAutoConfiguration.class,
  AvailabilityProbesAutoConfiguration.class,
  CompositeMeterRegistryAutoConfiguration.class,
  ConfigurationPropertiesAutoConfiguration.class,
  EndpointAutoConfiguration.class,
  HealthContributorRegistryAutoConfiguration.class,
  HealthEndpointAutoConfiguration.class,
  JvmMetricsAutoConfiguration.class,
  LifecycleAutoConfiguration.class,
  ManagementContextAutoConfiguration.class,
  MetricsAutoConfiguration.class,
  NettyReactiveManagementContextAutoConfiguration.class,
  NettyReactiveWebServerAutoConfiguration.class,
  PrometheusMetricsExportAutoConfiguration.class,
  SystemMetricsAutoConfiguration.class,
  WebEndpointAutoConfiguration.class,
  WebFluxHealthEndpointExtensionAutoConfiguration.class
})
class ServerConfiguration {
  @Bean
  HttpHandler httpHandler(List<List<Endpoint>> endpoints, AuthMetrics metrics) {
    var all = endpoints.stream().flatMap(List::stream).toList();
    var strategies =
        HandlerStrategies.builder()
            .webFilter(new ExchangeFilter(metrics, System::nanoTime))
            .build();
    return RouterFunctions.toHttpHandler(Endpoints.router(all, new ProblemBoundary()), strategies);
  }
}
