package dev.weir.gateway.upstream;

import dev.weir.gateway.exchange.EndpointNews;
import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.HealthCheck;
import dev.weir.gateway.route.Protocol;
import dev.weir.gateway.upstream.HealthProbe.Finding;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/** Checks one endpoint again and again until it is stopped. Confined to the upkeep's event loop. */
final class EndpointCheck {

  /** What makes two checks the same over a reload: equal ones go on with what they know. */
  record Key(String upstream, Endpoint endpoint, HealthCheck policy, Protocol protocol) {}

  private final Key key;
  private final EventLoop loop;
  private final Connector.Wiring wiring;
  private final EndpointNews news;
  private final IntUnaryOperator random;
  private final MeterRegistry registry;
  private final Map<Finding, Counter> findings = new EnumMap<>(Finding.class);
  private HealthVerdict verdict = HealthVerdict.FIRST;
  private long startedNanos;
  private boolean stopped;

  EndpointCheck(
      Key key,
      EventLoop loop,
      Connector.Wiring wiring,
      EndpointNews news,
      IntUnaryOperator random,
      MeterRegistry registry) {
    this.key = key;
    this.loop = loop;
    this.wiring = wiring;
    this.news = news;
    this.random = random;
    this.registry = registry;
    for (Finding finding : Finding.values()) {
      findings.put(finding, counter(finding));
    }
  }

  private Counter counter(Finding finding) {
    return Counter.builder(GatewayMetrics.HEALTH_CHECKS)
        .tags(
            "upstream",
            key.upstream(),
            "endpoint",
            key.endpoint().label(),
            "outcome",
            finding.label())
        .register(registry);
  }

  /** Begins at a random point of the first interval: gateways that start together spread out. */
  void start() {
    scheduleIn(random.applyAsInt(intervalMillis()));
  }

  void stop() {
    stopped = true;
    findings.values().forEach(registry::remove);
  }

  private int intervalMillis() {
    return Math.clamp(key.policy().interval().toMillis(), 1, Integer.MAX_VALUE);
  }

  private void scheduleIn(long millis) {
    if (!loop.isShuttingDown()) {
      var _ = loop.schedule(this::look, millis, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    if (!stopped) {
      startedNanos = System.nanoTime();
      HealthProbe.start(loop, key, wiring, this::found);
    }
  }

  private void found(Finding finding) {
    if (stopped) {
      return;
    }
    Counter counter = findings.get(finding);
    if (counter != null) {
      counter.increment();
    }
    verdict = verdict.after(finding == Finding.OK, key.policy());
    // Each time and not at a change alone: a roster made meanwhile may know an older verdict.
    news.noteHealth(key.upstream(), key.endpoint(), verdict.healthy());
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    scheduleIn(Math.max(0, jittered(intervalMillis()) - took));
  }

  /** A tenth more or less, so that what fell into step falls out of it again. */
  private long jittered(int millis) {
    int tenth = Math.max(1, millis / 10);
    return millis - tenth + (long) random.applyAsInt(2 * tenth);
  }
}
