package dev.weir.gateway.routefile;

import dev.weir.gateway.route.BreakerPolicy;
import dev.weir.gateway.route.Concurrency;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.PoolPolicy;
import dev.weir.gateway.route.Selection;
import dev.weir.gateway.route.Service;
import dev.weir.gateway.route.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads one upstream and its breaker. */
final class UpstreamReader {
  private final Findings findings;

  UpstreamReader(Findings findings) {
    this.findings = findings;
  }

  /** Returns the upstream, unless a required part of it is missing or broken. */
  Optional<Upstream> read(String name, Block block) {
    List<Located<Endpoint>> endpoints =
        block.list("endpoints", Grammar.ENDPOINT, Grammar.MOST_ENDPOINTS);
    PoolPolicy pool = pool(block);
    BreakerPolicy breaker =
        block.block("breaker", Shape.BREAKER).map(this::breaker).orElse(BreakerPolicy.STANDARD);
    Selection selection = new SelectionReader(findings).read(block);
    Optional<Service> service = service(block);
    Concurrency concurrency =
        block
            .block("concurrency", Shape.CONCURRENCY)
            .map(UpstreamReader::concurrency)
            .orElse(Concurrency.STANDARD);
    Optional<Located<Integer>> requests = block.value("max-requests", Grammar.MAX_REQUESTS);
    if (endpoints.isEmpty() == service.isEmpty()) {
      return Optional.empty();
    }
    List<Endpoint> sound = endpoints.stream().map(Located::value).toList();
    OptionalInt maxRequests =
        requests.map(bound -> OptionalInt.of(bound.value())).orElseGet(OptionalInt::empty);
    return Optional.of(
        new Upstream(name, sound, pool, breaker, selection, service, maxRequests, concurrency));
  }

  private static Concurrency concurrency(Block block) {
    Concurrency standard = Concurrency.STANDARD;
    return new Concurrency(
        block.value("mode", Grammar.CONCURRENCY).map(Located::value).orElse(standard.mode()),
        block
            .value("minimum", Grammar.MAX_REQUESTS)
            .map(Located::value)
            .orElse(standard.minimum()));
  }

  private static PoolPolicy pool(Block block) {
    PoolPolicy standard = PoolPolicy.STANDARD;
    return new PoolPolicy(
        block
            .value("connect-timeout", Grammar.CONNECT_TIMEOUT)
            .map(Located::value)
            .orElse(standard.connectTimeout()),
        block
            .value("max-connections", Grammar.MAX_CONNECTIONS)
            .map(Located::value)
            .orElse(standard.maxConnections()),
        block.value("max-idle", Grammar.MAX_IDLE).map(Located::value).orElse(standard.maxIdle()),
        block.value("max-life", Grammar.MAX_LIFE).map(Located::value).orElse(standard.maxLife()),
        block
            .value("idle-timeout", Grammar.IDLE_TIMEOUT)
            .map(Located::value)
            .orElse(standard.idleTimeout()));
  }

  private Optional<Service> service(Block block) {
    if (block.has("endpoints") && block.has("srv")) {
      findings.add(
          block.at("srv"),
          ProblemCode.BAD_VALUE,
          "srv stands beside endpoints",
          "either endpoints or srv",
          "remove one of the two");
    }
    return block.value("srv", Grammar.SERVICE).map(name -> new Service(name.value()));
  }

  private BreakerPolicy breaker(Block block) {
    BreakerPolicy standard = BreakerPolicy.STANDARD;
    double ratio =
        block
            .value("failure-ratio", Grammar.RATIO)
            .map(Located::value)
            .orElse(standard.failureRatio());
    int window =
        block.value("window", Grammar.BREAKER_WINDOW).map(Located::value).orElse(standard.window());
    int minimumCalls = minimumCalls(block, window);
    Duration openFor =
        block.value("open-for", Grammar.OPEN_FOR).map(Located::value).orElse(standard.openFor());
    int halfOpenCalls =
        block
            .value("half-open-calls", Grammar.HALF_OPEN_CALLS)
            .map(Located::value)
            .orElse(standard.halfOpenCalls());
    Optional<Duration> slowCall = block.value("slow-call", Grammar.CALL_TIME).map(Located::value);
    return new BreakerPolicy(ratio, window, minimumCalls, openFor, halfOpenCalls, slowCall);
  }

  /** Keeps the default within a window that is smaller than it. */
  private int minimumCalls(Block block, int window) {
    Optional<Located<Integer>> written = block.value("minimum-calls", Grammar.BREAKER_WINDOW);
    int calls = written.map(Located::value).orElse(BreakerPolicy.STANDARD.minimumCalls());
    if (calls > window && written.isPresent()) {
      findings.add(
          written.get().at(),
          ProblemCode.OUT_OF_BOUNDS,
          "minimum-calls %d is more than the window of %d".formatted(calls, window),
          "at most window",
          "write at most " + window + ", or a larger window");
    }
    return Math.min(calls, window);
  }
}
