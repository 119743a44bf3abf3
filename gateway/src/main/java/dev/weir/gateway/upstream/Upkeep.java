package dev.weir.gateway.upstream;

import dev.weir.gateway.exchange.EndpointNews;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.HealthCheck;
import dev.weir.gateway.route.Service;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/**
 * What is done for upstreams beside requests: their names are resolved, their health is checked,
 * and connections to where they no longer are go.
 *
 * <p>All of it runs on one event loop that serves no request, so no request waits for it, and a
 * busy edge does not make an endpoint look slow. The maps are confined to that loop.
 */
public final class Upkeep {
  private final EventLoop loop;
  private final UpstreamClient client;
  private final EndpointNews news;
  private final MeterRegistry registry;
  private final Settings settings;
  private final Map<EndpointCheck.Key, EndpointCheck> checks = new HashMap<>();
  private final Map<Where, NameFollower> followers = new HashMap<>();
  private Set<Upstream> live = Set.of();

  /**
   * What tests choose otherwise.
   *
   * @param random from a bound to a number below it
   */
  record Settings(Names names, NameFollower.Bounds bounds, IntUnaryOperator random) {}

  /** What makes two upstreams be at the same place. */
  private record Where(String upstream, List<Endpoint> endpoints, Optional<Service> service) {
    static Where of(Upstream upstream) {
      return new Where(upstream.name(), upstream.endpoints(), upstream.service());
    }
  }

  /**
   * Prepares to look after upstreams.
   *
   * @param loop runs it; to be shut down by the caller
   * @param client whose connections lead to the same endpoints
   */
  public Upkeep(EventLoop loop, UpstreamClient client, EndpointNews news, MeterRegistry registry) {
    this(
        loop,
        client,
        news,
        registry,
        new Settings(
            new Names(loop, builder -> builder),
            NameFollower.Bounds.STANDARD,
            bound -> ThreadLocalRandom.current().nextInt(bound)));
  }

  Upkeep(
      EventLoop loop,
      UpstreamClient client,
      EndpointNews news,
      MeterRegistry registry,
      Settings settings) {
    this.loop = loop;
    this.client = client;
    this.news = news;
    this.registry = registry;
    this.settings = settings;
  }

  /** Looks after these from now on, and lets go of what only others needed. */
  public void follow(Set<Upstream> upstreams) {
    loop.execute(
        () -> {
          live = Set.copyOf(upstreams);
          for (Upstream upstream : upstreams) {
            var _ = locate(upstream);
          }
          Set<Where> wanted = new HashSet<>();
          upstreams.forEach(upstream -> wanted.add(Where.of(upstream)));
          Set.copyOf(followers.keySet()).stream()
              .filter(where -> !wanted.contains(where))
              .forEach(this::leave);
          settle();
        });
  }

  /**
   * Begins to locate these as well, and waits until it is known where those are that have nothing
   * but a name; but no longer than this. Not to be called on an event loop.
   */
  public void locate(Set<Upstream> upstreams, Duration patience) {
    CompletableFuture<Void> located = new CompletableFuture<>();
    loop.execute(
        () -> {
          CompletableFuture<?>[] first =
              upstreams.stream()
                  .filter(upstream -> upstream.service().isPresent())
                  .map(this::locate)
                  .toArray(CompletableFuture[]::new);
          var _ = CompletableFuture.allOf(first).thenRun(() -> located.complete(null));
        });
    located.completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  private CompletableFuture<Void> locate(Upstream upstream) {
    if (!NameWatch.isNeeded(upstream)) {
      return CompletableFuture.completedFuture(null);
    }
    Where where = Where.of(upstream);
    NameFollower known = followers.get(where);
    if (known != null) {
      return known.asked();
    }
    NameFollower follower =
        new NameFollower(
            upstream, settings.names(), loop, settings.bounds(), registry, this::located);
    followers.put(where, follower);
    follower.start();
    return follower.asked();
  }

  private void leave(Where where) {
    NameFollower gone = followers.remove(where);
    if (gone != null) {
      gone.stop();
    }
  }

  private void located(Upstream upstream, List<Endpoint> endpoints) {
    news.noteEndpoints(upstream, endpoints);
    settle();
  }

  /** Brings checks and connections in line with where the upstreams are. */
  private void settle() {
    Set<EndpointCheck.Key> wanted = new HashSet<>();
    for (Upstream upstream : live) {
      upstream.selection().health().ifPresent(policy -> addKeys(upstream, policy, wanted));
    }
    Set.copyOf(checks.keySet()).stream().filter(key -> !wanted.contains(key)).forEach(this::stop);
    wanted.forEach(this::start);
    client.retain(live, this::endpoints);
  }

  private List<Endpoint> endpoints(Upstream upstream) {
    NameFollower follower = followers.get(Where.of(upstream));
    return follower == null ? upstream.endpoints() : follower.endpoints();
  }

  private void addKeys(Upstream upstream, HealthCheck policy, Set<EndpointCheck.Key> wanted) {
    for (Endpoint endpoint : endpoints(upstream)) {
      wanted.add(
          new EndpointCheck.Key(upstream.name(), endpoint, policy, upstream.pool().protocol()));
    }
  }

  private void start(EndpointCheck.Key key) {
    if (!checks.containsKey(key)) {
      EndpointCheck check =
          new EndpointCheck(key, loop, client.wiring(), news, settings.random(), registry);
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
