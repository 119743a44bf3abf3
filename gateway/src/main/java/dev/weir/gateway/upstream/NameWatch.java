package dev.weir.gateway.upstream;

import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Service;
import dev.weir.gateway.route.Upstream;
import dev.weir.gateway.upstream.Names.Found;
import dev.weir.gateway.upstream.Names.Target;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds again and again where one upstream is. What fails to be answered is as it was: a DNS server
 * that is down must not take an upstream down with it. Confined to the upkeep's event loop.
 */
final class NameWatch {
  private final Upstream upstream;
  private final Names names;
  private final Map<String, List<InetAddress>> lastGood = new HashMap<>();
  private List<Endpoint> written;

  /** Of one round of questions. */
  private static final class Round {
    private final Consumer<Whereabouts> then;
    private long ttlSeconds = TtlRecorder.NONE;
    private boolean complete = true;
    private int unanswered;

    Round(Consumer<Whereabouts> then) {
      this.then = then;
    }
  }

  NameWatch(Upstream upstream, Names names) {
    this.upstream = upstream;
    this.names = names;
    this.written = upstream.endpoints();
  }

  /** Returns whether there is anything to ask for such an upstream. */
  static boolean isNeeded(Upstream upstream) {
    return upstream.service().isPresent()
        || upstream.endpoints().stream().anyMatch(NameWatch::isName);
  }

  /** Localhost stays with the connector: of its two addresses a service often has only one. */
  private static boolean isName(Endpoint endpoint) {
    return !endpoint.host().equals("localhost")
        && !NetUtil.isValidIpV4Address(endpoint.host())
        && !NetUtil.isValidIpV6Address(endpoint.host());
  }

  /** Asks all that is to be asked, and tells what came of it once all is answered. */
  void ask(Consumer<Whereabouts> then) {
    Round round = new Round(then);
    upstream
        .service()
        .ifPresentOrElse(
            service -> names.targets(service, (asked, found) -> targets(round, asked, found)),
            () -> askAddresses(round));
  }

  private void targets(Round round, Service service, Optional<Found<Target>> found) {
    if (found.isEmpty()) {
      round.complete = false;
    }
    found.ifPresent(
        answer -> {
          round.ttlSeconds = answer.ttlSeconds();
          written =
              answer.values().stream().map(target -> Names.endpoint(service, target)).toList();
        });
    askAddresses(round);
  }

  private void askAddresses(Round round) {
    Set<String> hosts = new LinkedHashSet<>();
    written.stream().filter(NameWatch::isName).forEach(endpoint -> hosts.add(endpoint.host()));
    lastGood.keySet().retainAll(hosts);
    round.unanswered = hosts.size();
    if (hosts.isEmpty()) {
      end(round);
    }
    for (String host : hosts) {
      names.addresses(host, (asked, found) -> addresses(round, asked, found));
    }
  }

  private void addresses(Round round, String host, Optional<Found<InetAddress>> found) {
    if (found.isEmpty()) {
      round.complete = false;
    }
    found.ifPresent(
        answer -> {
          round.ttlSeconds = Math.min(round.ttlSeconds, answer.ttlSeconds());
          lastGood.put(host, List.copyOf(answer.values()));
        });
    if (--round.unanswered == 0) {
      end(round);
    }
  }

  private void end(Round round) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (Endpoint endpoint : written) {
      List<InetAddress> known = lastGood.getOrDefault(endpoint.host(), List.of());
      if (known.isEmpty()) {
        // An address, or a name that was never answered: connecting asks once more.
        endpoints.add(endpoint);
      }
      known.forEach(address -> endpoints.add(endpoint.at(address)));
    }
    round.then.accept(new Whereabouts(endpoints, round.ttlSeconds, round.complete));
  }
}
