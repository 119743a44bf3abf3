package dev.weir.gateway.upstream;

import dev.weir.gateway.exchange.EndpointNews;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.HealthCheck;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;

/**
 * What is done for upstreams beside requests: their health is checked.
 *
 * <p>All of it runs on one event loop that serves no request, so no request waits for it, and a
 * busy edge does not make an endpoint look slow. The maps are confined to that loop.
 */
public final class Upkeep {
  private final EventLoop loop;
  private final UpstreamClient client;
  private final EndpointNews news;
  private final MeterRegistry registry;
  private final IntUnaryOperator random;
  private final Map<EndpointCheck.Key, EndpointCheck> checks = new HashMap<>();

  /**
   * Prepares to look after upstreams.
   *
   * @param loop runs it; to be shut down by the caller
   * @param client whose connections lead to the same endpoints
   */
  public Upkeep(EventLoop loop, UpstreamClient client, EndpointNews news, MeterRegistry registry) {
    this(loop, client, news, registry, bound -> ThreadLocalRandom.current().nextInt(bound));
  }

  Upkeep(
      EventLoop loop,
      UpstreamClient client,
      EndpointNews news,
      MeterRegistry registry,
      IntUnaryOperator random) {
    this.loop = loop;
    this.client = client;
    this.news = news;
    this.registry = registry;
    this.random = random;
  }

  /** Looks after these from now on, and lets go of what only others needed. */
  public void follow(Set<Upstream> live) {
    client.retain(live);
    loop.execute(() -> check(live));
  }

  private void check(Set<Upstream> live) {
    Set<EndpointCheck.Key> wanted = new HashSet<>();
    for (Upstream upstream : live) {
      upstream.selection().health().ifPresent(policy -> addKeys(upstream, policy, wanted));
    }
    Set.copyOf(checks.keySet()).stream().filter(key -> !wanted.contains(key)).forEach(this::stop);
    wanted.forEach(this::start);
  }

  private static void addKeys(
      Upstream upstream, HealthCheck policy, Set<EndpointCheck.Key> wanted) {
    for (Endpoint endpoint : upstream.endpoints()) {
      wanted.add(new EndpointCheck.Key(upstream.name(), endpoint, policy));
    }
  }

  private void start(EndpointCheck.Key key) {
    if (!checks.containsKey(key)) {
      EndpointCheck check = new EndpointCheck(key, loop, client.wiring(), news, random, registry);
      checks.put(key, check);
      check.start();
    }
  }

  private void stop(EndpointCheck.Key key) {
    EndpointCheck gone = checks.remove(key);
    if (gone != null) {
      gone.stop();
    }
  }
}
