package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Balance;
import dev.weir.gateway.route.Fallback;
import dev.weir.gateway.route.Hedge;
import dev.weir.gateway.route.Issuer;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Match;
import dev.weir.gateway.route.PathPattern;
import dev.weir.gateway.route.PriorityRule;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.Upstream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one route. */
final class RouteReader {
  private static final long MAX_BODY = 1 << 20;

  private final Section<Upstream> upstreams;
  private final LimitUses limits;
  private final AccessReader access;
  private final RecoveryReader recovery;
  private final PriorityReader priorities;
  private final Findings findings;

  RouteReader(
      Section<Upstream> upstreams,
      Section<Limit> limits,
      Section<Issuer> issuers,
      Findings findings) {
    this.upstreams = upstreams;
    this.limits = new LimitUses(limits, findings);
    this.access = new AccessReader(issuers, findings);
    this.priorities = new PriorityReader(findings);
    this.recovery = new RecoveryReader(upstreams, findings);
    this.findings = findings;
  }

  /** Reads every key, and builds the route where every required one is sound. */
  Candidate read(Block block) {
    Optional<Located<String>> id = block.value("id", Grammar.NAME);
    Optional<Located<Match>> match = block.block("match", Shape.MATCH).flatMap(this::match);
    Optional<Upstream> upstream = block.value("upstream", Grammar.NAME).flatMap(upstreams::resolve);
    Optional<Authentication> authentication = access.read(block);
    upstream.ifPresent(known -> checkFilters(block, known));
    upstream.ifPresent(known -> checkProtocol(block, known, List.of("filters", "max-websockets")));
    upstream.ifPresent(known -> checkHash(block, known, isOpen(authentication)));
    Timing timing = Timing.read(block, findings);
    Optional<Hedge> hedge = recovery.hedge(block);
    Optional<Fallback> fallback = recovery.fallback(block, upstream, match.map(Located::value));
    Optional<Upstream> elsewhere = fallback.flatMap(Fallback::elsewhere);
    elsewhere.ifPresent(other -> checkFilters(block, other));
    elsewhere.ifPresent(other -> checkProtocol(block, other, List.of("filters")));
    match.ifPresent(found -> timing.checkEffect(block, found.value().methods(), findings));
    Policies policies =
        new Policies(
            priorities.read(block, isOpen(authentication)),
            limits.read(block, authentication),
            stripPrefix(block, match),
            block.value("max-body", Grammar.MAX_BODY).map(Located::value).orElse(MAX_BODY),
            webSockets(block),
            filters(block));
    if (id.isEmpty() || match.isEmpty() || upstream.isEmpty() || authentication.isEmpty()) {
      return new Candidate(block.at(), id, match, Optional.empty());
    }
    Route route =
        new Route(
            id.get().value(),
            block.at(),
            match.get().value(),
            upstream.get(),
            policies.priority(),
            authentication.get(),
            policies.limits(),
            policies.stripPrefix(),
            timing.deadline(),
            timing.attemptTimeout(),
            timing.retry(),
            policies.maxBodyBytes(),
            policies.filters(),
            hedge,
            fallback,
            policies.maxWebSockets(),
            recovery.brownOut(block));
    return new Candidate(block.at(), id, match, Optional.of(route));
  }

  private record Policies(
      PriorityRule priority,
      List<Limit> limits,
      String stripPrefix,
      long maxBodyBytes,
      int maxWebSockets,
      List<String> filters) {}

  private Optional<Located<Match>> match(Block block) {
    Optional<String> host = block.value("host", Grammar.HOST).map(Located::value);
    Optional<Located<PathPattern>> path = block.value("path", Grammar.PATH);
    Set<String> methods = new LinkedHashSet<>();
    block
        .list("methods", Grammar.METHOD, Grammar.MOST_WORDS)
        .forEach(method -> methods.add(method.value()));
    boolean sound =
        block.has("host") == host.isPresent() && block.has("methods") == !methods.isEmpty();
    if (!sound) {
      // What it would take is unknown, so comparing it with others would invent conflicts.
      return Optional.empty();
    }
    return path.map(
        written -> new Located<>(new Match(host, written.value(), methods), written.at()));
  }

  private void checkFilters(Block block, Upstream upstream) {
    if (block.has("filters") && upstream.service().isPresent()) {
      findings.add(
          block.at("filters"),
          ProblemCode.FILTERS_WITHOUT_ENDPOINTS,
          "'" + upstream.name() + "' is found by srv, which the extension host does not know",
          "filters only before an upstream with endpoints",
          "list the endpoints, or remove the filters");
    }
  }

  /** The extension host's client and the handshake of WebSockets speak HTTP/1.1. */
  private void checkProtocol(Block block, Upstream upstream, List<String> keys) {
    if (!upstream.pool().protocol().isMultiplexed()) {
      return;
    }
    for (String key : keys) {
      if (block.has(key)) {
        findings.add(
            block.at(key),
            ProblemCode.BAD_VALUE,
            "%s goes over HTTP/1.1, and '%s' has protocol %s"
                .formatted(key, upstream.name(), upstream.pool().protocol().label()),
            key + " only before an upstream with protocol h1",
            "remove " + key + ", or name the same endpoints as an upstream with protocol: h1");
      }
    }
  }

  private static boolean isOpen(Optional<Authentication> authentication) {
    return authentication.map(Authentication.Open.class::isInstance).orElse(false);
  }

  private void checkHash(Block block, Upstream upstream, boolean open) {
    boolean byCaller =
        upstream.selection().balance() instanceof Balance.Hash(Balance.HashKey.Caller());
    if (open && byCaller) {
      findings.add(
          block.at("upstream"),
          ProblemCode.HASH_WITHOUT_CALLER,
          "'" + upstream.name() + "' is balanced by a hash of the caller, and auth: none has none",
          "routes with an issuer before such an upstream",
          "set auth: { issuer: NAME }, or hash something else");
    }
  }

  private String stripPrefix(Block block, Optional<Located<Match>> match) {
    Optional<Located<PathPattern>> written = block.value("strip-prefix", Grammar.PREFIX);
    if (written.isEmpty()) {
      return "";
    }
    List<PathPattern.Segment> prefix = written.get().value().segments();
    String text = written.get().value().text();
    boolean leads =
        match
            .map(found -> found.value().path().segments())
            .map(all -> all.size() >= prefix.size() && all.subList(0, prefix.size()).equals(prefix))
            .orElse(true);
    if (!leads) {
      findings.add(
          written.get().at(),
          ProblemCode.BAD_VALUE,
          "strip-prefix '%s' is not how the path starts".formatted(TextFormat.shortened(text)),
          "leading literal segments of the path",
          "write the start of the path, or remove the key");
    }
    return text;
  }

  /** Filters change requests and answers; a WebSocket has neither. */
  private int webSockets(Block block) {
    Optional<Located<Integer>> most = block.value("max-websockets", Grammar.MAX_WEBSOCKETS);
    most.filter(_ -> block.has("filters"))
        .ifPresent(
            written ->
                findings.add(
                    written.at(),
                    ProblemCode.BAD_VALUE,
                    "a route with filters takes no WebSockets",
                    "max-websockets on routes without filters",
                    "give WebSockets a route of their own"));
    return most.map(Located::value).orElse(0);
  }

  private static List<String> filters(Block block) {
    return block.list("filters", Grammar.FILTER, Grammar.MOST_FILTERS).stream()
        .map(Located::value)
        .toList();
  }
}
