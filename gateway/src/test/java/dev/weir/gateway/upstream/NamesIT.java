package dev.weir.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.exchange.EndpointNews;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.fixture.Answer;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.fixture.ScriptedUpstream;
import dev.weir.gateway.fixture.TinyDns;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Endpoint.Scheme;
import dev.weir.gateway.route.Selection;
import dev.weir.gateway.route.Service;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** Upstreams that only DNS knows the addresses of, over real UDP. */
@ExtendWith(LeakCheck.class)
final class NamesIT {
  private static final String NAME = "orders.test";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final TinyDns dns = new TinyDns();
  private final ClientFixture client = new ClientFixture();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private volatile List<Endpoint> known = List.of();
  private final Upkeep upkeep =
      new Upkeep(
          client.first(),
          client.client(),
          new EndpointNews() {
            @Override
            public void noteHealth(String upstream, Endpoint endpoint, boolean healthy) {}

            @Override
            public void noteEndpoints(Upstream upstream, List<Endpoint> endpoints) {
              known = endpoints;
            }
          },
          registry,
          new Upkeep.Settings(
              new Names(
                  client.first(),
                  builder ->
                      builder
                          .nameServerProvider(
                              new SingletonDnsServerAddressStreamProvider(dns.address()))
                          .searchDomains(List.of("svc.test"))
                          .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
                          .queryTimeoutMillis(2_000)),
              new NameFollower.Bounds(Duration.ofMillis(50), Duration.ofMillis(100)),
              bound -> 0));

  @AfterEach
  void stop() {
    upkeep.follow(Set.of());
    client.close();
    dns.close();
  }

  private static Upstream named(int port, String... names) {
    Endpoint[] endpoints = new Endpoint[names.length];
    for (int i = 0; i < names.length; i++) {
      endpoints[i] = new Endpoint(Scheme.HTTP, names[i], port);
    }
    return Exchanges.upstream(endpoints);
  }

  private static Upstream service(String name) {
    Upstream plain = named(80, NAME);
    return new Upstream(
        "orders",
        List.of(),
        plain.pool(),
        plain.breaker(),
        Selection.STANDARD,
        Optional.of(new Service(name)),
        OptionalInt.empty());
  }

  private List<String> labels() {
    return known.stream().map(Endpoint::label).toList();
  }

  private double lookups(String outcome) {
    var counter = registry.find("weir.dns.lookups").tag("outcome", outcome).counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  void everyAddressIsAnEndpointAndChangesAreFollowed() {
    dns.addresses(NAME, 30, "127.0.0.2", "127.0.0.1", "::1");
    upkeep.follow(Set.of(named(80, NAME, "192.0.2.7")));
    await()
        .until(
            this::labels,
            List.of("127.0.0.1:80", "127.0.0.2:80", "192.0.2.7:80", "[0:0:0:0:0:0:0:1]:80")
                ::equals);
    assertThat(known).extracting(Endpoint::host).containsExactly(NAME, NAME, "192.0.2.7", NAME);

    dns.addresses(NAME, 30, "127.0.0.3");
    await().until(this::labels, List.of("127.0.0.3:80", "192.0.2.7:80")::equals);
  }

  @Test
  void shortNameIsCompletedWithTheSearchDomain() {
    dns.addresses("cart.svc.test", 30, "127.0.0.9");
    upkeep.follow(Set.of(named(80, "cart")));

    await().until(this::labels, List.of("127.0.0.9:80")::equals);
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void lastGoodAddressesStayWhereDnsFails(boolean gone) {
    dns.addresses(NAME, 1, "127.0.0.1");
    upkeep.follow(Set.of(named(80, NAME)));
    await().until(this::labels, List.of("127.0.0.1:80")::equals);
    if (gone) {
      dns.forget(NAME);
    } else {
      dns.fail(true);
    }
    await().until(() -> lookups("failed") >= 2);

    assertThat(labels()).containsExactly("127.0.0.1:80");
    dns.fail(false);
    dns.addresses(NAME, 1, "127.0.0.2");
    await().until(this::labels, List.of("127.0.0.2:80")::equals);
  }

  @Test
  void serviceLeadsToItsTargetsOfTheFirstPriority() {
    String name = "_http._tcp.orders.test";
    dns.service(name, 30, "1 a.test 8081", "1 b.test 8082", "2 c.test 8083");
    dns.addresses("a.test", 30, "127.0.0.1");
    dns.addresses("b.test", 30, "127.0.0.2", "127.0.0.3");
    upkeep.locate(Set.of(service(name)), ClientFixture.PATIENCE);

    assertThat(labels()).containsExactly("127.0.0.1:8081", "127.0.0.2:8082", "127.0.0.3:8082");
    dns.service(name, 30, "1 b.test 8082");
    await().until(this::labels, List.of("127.0.0.2:8082", "127.0.0.3:8082")::equals);
    dns.forget(name);
    await().until(() -> lookups("failed") >= 2);
    assertThat(labels()).containsExactly("127.0.0.2:8082", "127.0.0.3:8082");
  }

  @Test
  void waitsForAServiceOnlySoLong() {
    upkeep.locate(Set.of(service("_http._tcp.nowhere.test")), ClientFixture.PATIENCE);

    assertThat(known).isEmpty();
    assertThat(lookups("failed")).isPositive();
  }

  @Test
  void connectionsToAnAddressThatVanishedAreDrained() {
    var gate = new CountDownLatch(1);
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              while (peer.readHead()) {
                if (peer.number() == 1) {
                  pass(gate);
                }
                peer.write(OK);
              }
            })) {
      Upstream upstream = named(server.endpoint().port(), NAME);
      dns.addresses(NAME, 1, "127.0.0.1");
      upkeep.follow(Set.of(upstream));
      Endpoint found = new Endpoint(Scheme.HTTP, NAME, server.endpoint().port());
      Endpoint located = found.at(InetAddress.ofLiteral("127.0.0.1"));
      await().until(() -> known.equals(List.of(located)));
      var running = get(upstream, located).toFuture();
      await().until(() -> server.heads().size() == 1);
      assertThat(ClientFixture.await(get(upstream, located)).body()).isEqualTo("ok");
      assertThat(server.heads()).allMatch(head -> head.contains("host: " + found.authority()));
      assertThat(server.open()).isEqualTo(2);

      dns.addresses(NAME, 1, "127.0.0.2");
      await().until(() -> server.open() == 1);
      gate.countDown();
      assertThat(running.join().body()).isEqualTo("ok");
      await().until(() -> server.open() == 0);
    }
  }

  private Mono<Answer> get(Upstream upstream, Endpoint endpoint) {
    Exchange exchange =
        Exchanges.request(Exchanges.route(upstream), client.second(), HttpMethod.GET, "/a");
    return client
        .client()
        .attempt(exchange, upstream, endpoint, ClientFixture.PATIENCE)
        .flatMap(Answer::read);
  }

  private static void pass(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, true, 5000", "30, true, 30000", "3600, true, 60000", "30, false, 5000"})
  void asksAgainWhenTheRecordsEndWithinBounds(long ttl, boolean complete, long millis) {
    assertThat(NameFollower.Bounds.STANDARD.delayMillis(new Whereabouts(List.of(), ttl, complete)))
        .isEqualTo(millis);
    assertThat(
            NameFollower.Bounds.STANDARD.delayMillis(
                new Whereabouts(List.of(), TtlRecorder.NONE, true)))
        .isEqualTo(60_000);
  }

  @Test
  void boundsWhatANameMaySay() {
    List<Endpoint> many =
        IntStream.range(0, 300)
            .mapToObj(port -> new Endpoint(Scheme.HTTP, "127.0.0.1", 1_000 + port))
            .toList();

    assertThat(new Whereabouts(many, 1, true).endpoints()).hasSize(Whereabouts.MOST);
  }
}
