package dev.weir.drills.stand;

import dev.weir.bench.process.Placement;
import dev.weir.bench.process.Processes;
import dev.weir.quickstart.process.FreePort;
import dev.weir.quickstart.process.SocketReadiness;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Deals connections to gateways that say they are ready, and knows nothing of what is inside: TLS,
 * keep-alive and HTTP/2 are between client and gateway. HAProxy where it is installed, as that is
 * what people use; a relay of our own where it is not.
 *
 * @param name who balances
 */
public record Balancer(String name, int port) {
  /** How often each gateway is asked whether it is ready. */
  public static final Duration PROBE = Duration.ofMillis(200);

  /** Twice not ready, and the time that a probe takes. */
  public static final Duration NOTICES = PROBE.multipliedBy(4);

  private static final List<Path> HAPROXY =
      List.of(
          Path.of("/usr/sbin/haproxy"),
          Path.of("/usr/bin/haproxy"),
          Path.of("/usr/local/sbin/haproxy"));

  /** Starts one for these gateways. */
  static Balancer start(Processes processes, EventLoopGroup loop, Path folder, List<Edge> gateways)
      throws IOException {
    Optional<Path> haproxy = HAPROXY.stream().filter(Files::isExecutable).findFirst();
    return haproxy.isPresent()
        ? haproxy(processes, haproxy.get(), folder, gateways)
        : relay(loop, gateways);
  }

  private static Balancer haproxy(
      Processes processes, Path program, Path folder, List<Edge> gateways) throws IOException {
    int port = FreePort.find();
    var file = folder.resolve("haproxy.cfg");
    Files.writeString(file, configuration(port, gateways));
    var log = folder.resolve("haproxy.log");
    var command = List.of(program.toString(), "-db", "-f", file.toString());
    var _ = processes.start(Placement.anywhere(), command, Map.of(), log, log);
    return new Balancer("HAProxy", port);
  }

  private static String configuration(int port, List<Edge> gateways) {
    var text =
        new StringBuilder(
            """
            global
              maxconn 8192
              log stdout format raw local0 info
            defaults
              mode tcp
              log global
              option tcplog
              timeout connect 2s
              timeout check 1s
              timeout client 60s
              timeout server 60s
              retries 3
              option redispatch 1
            listen edge
              bind 127.0.0.1:%d
              balance roundrobin
              option httpchk GET /readyz
              http-check expect status 200
            """
                .formatted(port));
    for (int i = 0; i < gateways.size(); i++) {
      text.append(
          "  server gateway-%d 127.0.0.1:%d check port %d inter %d fall 2 rise 2%n"
              .formatted(
                  i + 1,
                  gateways.get(i).port(),
                  gateways.get(i).managementPort(),
                  PROBE.toMillis()));
    }
    return text.toString();
  }

  private static Balancer relay(EventLoopGroup loop, List<Edge> gateways) {
    var ready = new CopyOnWriteArrayList<>(gateways);
    var turn = new AtomicInteger();
    var _ = Thread.ofVirtual().start(() -> probe(gateways, ready));
    var relay =
        Relay.start(
            loop,
            () -> {
              var now = List.copyOf(ready);
              return now.isEmpty()
                  ? OptionalInt.empty()
                  : OptionalInt.of(
                      now.get(Math.floorMod(turn.getAndIncrement(), now.size())).port());
            });
    return new Balancer("a relay of the drill", relay.port());
  }

  /** Until the process ends. */
  private static void probe(List<Edge> gateways, CopyOnWriteArrayList<Edge> ready) {
    try {
      while (true) {
        for (var gateway : gateways) {
          boolean says = SocketReadiness.http(gateway.managementPort(), "/readyz").isReady(0);
          if (says) {
            ready.addIfAbsent(gateway);
          } else {
            ready.remove(gateway);
          }
        }
        Thread.sleep(PROBE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
