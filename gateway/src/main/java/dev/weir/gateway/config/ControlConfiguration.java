package dev.weir.gateway.config;

import dev.weir.gateway.admission.AdaptiveLimit;
import dev.weir.gateway.admission.LoopLag;
import dev.weir.gateway.control.AdmissionControl;
import dev.weir.gateway.control.EdgeServer;
import dev.weir.gateway.control.EdgeSettings;
import dev.weir.gateway.control.GenerationFactory;
import dev.weir.gateway.control.RouteControl;
import dev.weir.gateway.control.RouteReloader;
import dev.weir.gateway.control.RoutesEndpoint;
import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.ingress.Ingress;
import dev.weir.gateway.jwt.KeySets;
import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.observe.RequestDurations;
import dev.weir.gateway.pipeline.EdgeHandler;
import dev.weir.gateway.pipeline.Generation;
import dev.weir.gateway.pipeline.Observer;
import dev.weir.gateway.pipeline.PlanBuilder;
import dev.weir.gateway.pipeline.ResponseWriter;
import dev.weir.gateway.redis.RedisLink;
import dev.weir.gateway.resilience.Breakers;
import dev.weir.gateway.route.RouteTable;
import dev.weir.gateway.routefile.Problem;
import dev.weir.gateway.routefile.RouteFile;
import dev.weir.gateway.stale.StaleAnswers;
import dev.weir.gateway.tls.ServerCertificate;
import dev.weir.gateway.upstream.Upkeep;
import dev.weir.gateway.websocket.OpenSockets;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.http.HttpResources;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** The listeners, the route file and the management view. */
@Configuration(proxyBeanMethods = false)
class ControlConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(ControlConfiguration.class);

  /**
   * Boot's server, which is the management one, gets a loop of its own: a busy edge must not mute
   * it.
   */
  @Bean
  ReactorResourceFactory managementResources() {
    ReactorResourceFactory factory = new ReactorResourceFactory();
    factory.setUseGlobalResources(false);
    factory.setLoopResources(LoopResources.create("weir-management", 1, true));
    factory.setConnectionProvider(ConnectionProvider.newConnection());
    return factory;
  }

  @Bean
  Generations generations(
      WeirProperties properties,
      PlanBuilder plans,
      KeySets keys,
      Breakers breakers,
      Upkeep upkeep,
      StaleAnswers staleAnswers,
      MeterRegistry meters,
      RequestDurations durations) {
    return new Generations(
        properties.routes().file(), plans, keys, breakers, upkeep, staleAnswers, meters, durations);
  }

  @Bean
  RequestDurations requestDurations(PrometheusRegistry registry) {
    RequestDurations durations = new RequestDurations(LoopCounts.size());
    registry.register(durations);
    return durations;
  }

  @Bean
  RouteControl routeControl(WeirProperties properties, Generations generations) {
    Path file = properties.routes().file();
    Generation first =
        switch (RouteFile.read(file)) {
          case RouteFile.Outcome.Broken(List<Problem> problems) -> throw refused(problems);
          case RouteFile.Outcome.Compiled(RouteTable table, List<Problem> warnings) -> {
            warnings.forEach(warning -> LOG.warn("route file: {}", warning.text()));
            yield first(generations, table);
          }
        };
    generations.begin(first);
    return new RouteControl(first);
  }

  private static Generation first(Generations generations, RouteTable table) {
    return switch (generations.create(1, table)) {
      case GenerationFactory.Outcome.Created(Generation generation) -> generation;
      case GenerationFactory.Outcome.Failed(List<Problem> problems) -> throw refused(problems);
    };
  }

  private static RefusedStartException refused(List<Problem> problems) {
    return new RefusedStartException(problems.stream().map(Problem::text).toList());
  }

  @Bean(initMethod = "start")
  @Lazy(false)
  RouteReloader routeReloader(
      WeirProperties properties,
      Generations generations,
      RouteControl control,
      MeterRegistry meters) {
    return new RouteReloader(properties.routes().file(), generations, control, meters);
  }

  @Bean
  LoopLag loopLag() {
    return new LoopLag(HttpResources.get().onServer(true));
  }

  @Bean(initMethod = "start")
  @Lazy(false)
  AdmissionControl admissionControl(
      AdaptiveLimit limit,
      LoopLag lag,
      EdgeServer edge,
      WeirProperties properties,
      Breakers breakers,
      MeterRegistry meters) {
    int most = properties.edge().maxConnections();
    var pressure = limit.pressure(lag, edge::openConnections, most);
    return new AdmissionControl(limit, lag, pressure, breakers::moveLimits, meters);
  }

  @Bean
  EdgeServer edgeServer(
      WeirProperties properties,
      RouteControl control,
      Ingress ingress,
      Observer observer,
      OpenSockets sockets,
      ResponseWriter writer,
      MeterRegistry meters) {
    ServerCertificate certificate =
        ServerCertificate.load(properties.tls().certificate(), properties.tls().privateKey());
    Gauge.builder(
            GatewayMetrics.TLS_CERTIFICATE_EXPIRY, certificate, c -> c.expiry().getEpochSecond())
        .baseUnit("seconds")
        .register(meters);
    EdgeHandler handler = new EdgeHandler(control, ingress, observer, writer);
    return new EdgeServer(
        settings(properties), certificate.contextSpec(), handler, observer, sockets, meters);
  }

  private static EdgeSettings settings(WeirProperties properties) {
    WeirProperties.Edge edge = properties.edge();
    return new EdgeSettings(
        edge.address(),
        edge.port(),
        properties.redirect().port(),
        edge.publicPort() == 0 ? edge.port() : edge.publicPort(),
        edge.idleTimeout(),
        edge.requestTimeout(),
        edge.maxConnections(),
        MemoryBounds.unfinishedHeads(Runtime.getRuntime().maxMemory()),
        properties.drain().grace(),
        properties.drain().timeout());
  }

  @Bean
  RoutesEndpoint routesEndpoint(RouteControl control) {
    return new RoutesEndpoint(control);
  }

  /** Holds a start back until keys and revocations were read once; later, the last good ones do. */
  @Bean
  HealthIndicator startHealthIndicator(StartGate gate) {
    return () ->
        gate.isPassed()
            ? Health.up().build()
            : Health.outOfService().withDetail("missing", gate.stillMissing()).build();
  }

  @Bean
  StartGate startGate(KeySets keys, RedisLink redis) {
    return new StartGate(() -> missing(keys, redis), System::nanoTime);
  }

  private static Set<String> missing(KeySets keys, RedisLink redis) {
    Set<String> missing = new TreeSet<>();
    keys.issuersWithoutKeys().forEach(issuer -> missing.add("keys of " + issuer));
    if (!redis.revocationsRead()) {
      missing.add("revocations");
    }
    return missing;
  }

  @Bean
  HealthIndicator edgeHealthIndicator(EdgeServer edge) {
    return () -> edge.isReady() ? Health.up().build() : Health.outOfService().build();
  }
}
