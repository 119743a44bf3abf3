package dev.weir.gateway.upstream;

import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one upstream from address to address, as often as its records live, within bounds.
 * Confined to the upkeep's event loop, but for the future.
 */
final class NameFollower {
  private static final Logger LOGGER = LoggerFactory.getLogger(NameFollower.class);

  private final Upstream upstream;
  private final NameWatch watch;
  private final EventLoop loop;
  private final Bounds bounds;
  private final MeterRegistry registry;
  private final BiConsumer<Upstream, List<Endpoint>> changed;
  private final CompletableFuture<Void> asked = new CompletableFuture<>();
  private List<Endpoint> endpoints;
  private boolean failing;
  private boolean stopped;

  /**
   * How often is asked, whatever a record's time to live says.
   *
   * @param least also the time after which a failed question is asked again
   */
  record Bounds(Duration least, Duration most) {
    static final Bounds STANDARD = new Bounds(Duration.ofSeconds(5), Duration.ofMinutes(1));

    long delayMillis(Whereabouts found) {
      long least = least().toMillis();
      long most = most().toMillis();
      if (!found.complete()) {
        return least;
      }
      return Math.clamp(
          Math.min(found.ttlSeconds(), most) * 1_000, Math.min(least, most), Math.max(least, most));
    }
  }

  NameFollower(
      Upstream upstream,
      Names names,
      EventLoop loop,
      Bounds bounds,
      MeterRegistry registry,
      BiConsumer<Upstream, List<Endpoint>> changed) {
    this.upstream = upstream;
    this.watch = new NameWatch(upstream, names);
    this.loop = loop;
    this.bounds = bounds;
    this.registry = registry;
    this.changed = changed;
    this.endpoints = upstream.endpoints();
  }

  /** Returns where it is, as far as is known. */
  List<Endpoint> endpoints() {
    return endpoints;
  }

  /** Ends with the first round of questions, whatever came of it. */
  CompletableFuture<Void> asked() {
    return asked;
  }

  void start() {
    if (!stopped) {
      watch.ask(this::found);
    }
  }

  void stop() {
    stopped = true;
    asked.complete(null);
  }

  private void found(Whereabouts found) {
    if (stopped) {
      return;
    }
    registry
        .counter(
            GatewayMetrics.DNS_LOOKUPS,
            "upstream",
            upstream.name(),
            "outcome",
            found.complete() ? "ok" : "failed")
        .increment();
    tell(found);
    boolean moved = !asked.isDone() || !found.endpoints().equals(endpoints);
    endpoints = found.endpoints();
    if (moved) {
      changed.accept(upstream, endpoints);
    }
    asked.complete(null);
    if (!loop.isShuttingDown()) {
      var _ = loop.schedule(this::start, bounds.delayMillis(found), TimeUnit.MILLISECONDS);
    }
  }

  private void tell(Whereabouts found) {
    if (failing == found.complete()) {
      failing = !found.complete();
      LOGGER
          .atWarn()
          .addKeyValue("upstream", upstream.name())
          .addKeyValue("failing", failing)
          .log("name lookup fails and the last good addresses stay, or no longer");
    }
    if (!found.endpoints().equals(endpoints)) {
      LOGGER
          .atInfo()
          .addKeyValue("upstream", upstream.name())
          .addKeyValue("endpoints", found.endpoints().stream().map(Endpoint::label).toList())
          .log("endpoints changed");
    }
  }
}
