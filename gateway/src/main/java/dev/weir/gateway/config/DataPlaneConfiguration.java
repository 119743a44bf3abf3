package dev.weir.gateway.config;

import dev.weir.gateway.admission.AdaptiveLimit;
import dev.weir.gateway.admission.AdmissionStage;
import dev.weir.gateway.admission.LimitBounds;
import dev.weir.gateway.authorize.AuthorizeEnforcer;
import dev.weir.gateway.body.BodyPolicy;
import dev.weir.gateway.exchange.Forwarder;
import dev.weir.gateway.host.ExtensionHost;
import dev.weir.gateway.ingress.Ingress;
import dev.weir.gateway.ingress.SessionCookies;
import dev.weir.gateway.ingress.TrustedProxies;
import dev.weir.gateway.jwt.JwtStage;
import dev.weir.gateway.jwt.KeySets;
import dev.weir.gateway.jwt.RevocationSet;
import dev.weir.gateway.observe.AccessLog;
import dev.weir.gateway.pipeline.NativeForwarder;
import dev.weir.gateway.pipeline.Observer;
import dev.weir.gateway.pipeline.PlanBuilder;
import dev.weir.gateway.pipeline.ResponseWriter;
import dev.weir.gateway.pipeline.SlowReaders;
import dev.weir.gateway.pipeline.Stage;
import dev.weir.gateway.pipeline.StageFactory;
import dev.weir.gateway.pipeline.UpgradeForwarder;
import dev.weir.gateway.redis.RedisLink;
import dev.weir.gateway.resilience.AttemptLoop;
import dev.weir.gateway.resilience.Breakers;
import dev.weir.gateway.resilience.FallbackLoop;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.stale.StaleAnswers;
import dev.weir.gateway.throttle.ThrottleStage;
import dev.weir.gateway.upstream.Upkeep;
import dev.weir.gateway.upstream.UpstreamClient;
import dev.weir.gateway.websocket.HandshakeTransport;
import dev.weir.gateway.websocket.OpenSockets;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.resources.LoopResources;

/** The stages and what they share. */
@Configuration(proxyBeanMethods = false)
class DataPlaneConfiguration {

  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }

  @Bean
  Ingress ingress(WeirProperties properties) {
    WeirProperties.Ingress ingress = properties.ingress();
    return new Ingress(
        TrustedProxies.parse(ingress.trustedProxies()),
        new SessionCookies(ingress.sessionCookie(), ingress.sessionCookiePaths()));
  }

  @Bean
  AdaptiveLimit admissionLimit(WeirProperties properties) {
    WeirProperties.Admission admission = properties.admission();
    return new AdaptiveLimit(
        new LimitBounds(
            admission.minimum(), admission.initial(), admission.maximum(), admission.targetLag()));
  }

  @Bean
  KeySets keySets(InstantSource clock, MeterRegistry meters) {
    return new KeySets(clock, meters);
  }

  @Bean
  RevocationSet revocations(InstantSource clock, MeterRegistry meters) {
    return new RevocationSet(clock, meters);
  }

  @Bean
  RedisLink redis(WeirProperties properties, RevocationSet revocations, MeterRegistry meters) {
    return new RedisLink(
        RedisSetup.settings(properties.redis()),
        properties.revocation().prefix(),
        revocations,
        meters);
  }

  @Bean
  ThrottleStage throttle(WeirProperties properties, RedisLink redis, MeterRegistry meters) {
    return new ThrottleStage(redis.buckets(), properties.redis().instances(), meters);
  }

  @Bean
  JwtStage jwt(
      KeySets keys,
      RevocationSet revocations,
      RedisLink redis,
      InstantSource clock,
      MeterRegistry meters) {
    return new JwtStage(keys, revocations, redis.proofs(), clock, meters);
  }

  @Bean
  Breakers breakers(MeterRegistry meters) {
    return new Breakers(meters);
  }

  @Bean(destroyMethod = "closeAll")
  UpstreamClient upstreamClient(MeterRegistry meters) {
    return new UpstreamClient(meters);
  }

  /** A thread that serves no request; daemon, as a check under way must not hold up the end. */
  @Bean(destroyMethod = "dispose")
  LoopResources upkeepLoops() {
    return LoopResources.create("weir-upkeep", 1, true);
  }

  @Bean
  Upkeep upkeep(
      LoopResources upkeepLoops, UpstreamClient client, Breakers breakers, MeterRegistry meters) {
    return new Upkeep(upkeepLoops.onClient(true).next(), client, breakers, meters);
  }

  @Bean
  Observer observer(WeirProperties properties, MeterRegistry meters) {
    return new Observer(
        switch (properties.accessLog()) {
          case STDOUT ->
              Optional.of(new AccessLog(new FileOutputStream(FileDescriptor.out), meters));
          case OFF -> Optional.empty();
        });
  }

  @Bean
  ResponseWriter responseWriter(
      WeirProperties properties, Observer observer, MeterRegistry meters) {
    return new ResponseWriter(new SlowReaders(properties.edge().idleTimeout(), meters), observer);
  }

  @Bean
  HostMount hostMount(ConfigurableApplicationContext context) {
    return new HostMount(context);
  }

  @Bean
  ExtensionHost extensionHost(HostMount mount) {
    return new ExtensionHost(mount::context);
  }

  @Bean
  StaleAnswers staleAnswers(WeirProperties properties, InstantSource clock, MeterRegistry meters) {
    return new StaleAnswers(properties.fallback().staleBytes(), System::nanoTime, clock, meters);
  }

  @Bean
  OpenSockets openSockets() {
    return new OpenSockets();
  }

  @Bean
  PlanBuilder planBuilder(
      AdaptiveLimit limit,
      JwtStage jwt,
      ThrottleStage throttle,
      Breakers breakers,
      StaleAnswers staleAnswers,
      UpstreamClient client,
      ExtensionHost host,
      OpenSockets sockets,
      ResponseWriter writer,
      WeirProperties properties,
      InstantSource clock,
      MeterRegistry meters) {
    Duration bodyArrival = properties.edge().requestTimeout();
    Map<Stage, StageFactory> stages = new EnumMap<>(Stage.class);
    stages.put(Stage.ADMISSION, route -> Optional.of(new AdmissionStage(limit, route, meters)));
    stages.put(Stage.ADDRESS_GUARD, throttle::addressGuard);
    stages.put(Stage.JWT, jwt::enforcer);
    stages.put(Stage.AUTHORIZE, route -> AuthorizeEnforcer.of(route.authentication(), clock));
    stages.put(Stage.THROTTLE, throttle::sharedBuckets);
    stages.put(
        Stage.BODY_POLICY, route -> Optional.of(new BodyPolicy(route.maxBodyBytes(), bodyArrival)));
    return new PlanBuilder(
        stages, route -> forwarder(route, breakers, staleAnswers, client, host, sockets, writer));
  }

  private static Forwarder forwarder(
      Route route,
      Breakers breakers,
      StaleAnswers staleAnswers,
      UpstreamClient client,
      ExtensionHost host,
      OpenSockets sockets,
      ResponseWriter writer) {
    Forwarder forwarder =
        new NativeForwarder(
            FallbackLoop.of(
                route,
                before -> before.extended() ? host.transportFor(before) : client,
                staleAnswers::of,
                breakers),
            writer);
    if (route.maxWebSockets() == 0) {
      return forwarder;
    }
    AttemptLoop handshake = new AttemptLoop(route, new HandshakeTransport(), breakers);
    return new UpgradeForwarder(forwarder, handshake::send, sockets, writer);
  }
}
