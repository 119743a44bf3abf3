package dev.weir.gateway.routefile;

import dev.weir.gateway.route.BrownOut;
import dev.weir.gateway.route.Fallback;
import dev.weir.gateway.route.Hedge;
import dev.weir.gateway.route.Match;
import dev.weir.gateway.route.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what a route does where its upstream is slow, or fails. */
final class RecoveryReader {
  private static final String CONTENT_TYPE = "application/json";

  private final Section<Upstream> upstreams;
  private final Findings findings;

  RecoveryReader(Section<Upstream> upstreams, Findings findings) {
    this.upstreams = upstreams;
    this.findings = findings;
  }

  Optional<Hedge> hedge(Block route) {
    Optional<Hedge> hedge =
        route
            .block("hedge", Shape.HEDGE)
            .flatMap(block -> block.value("percentile", Grammar.PERCENTILE))
            .map(percentile -> new Hedge(percentile.value()));
    if (hedge.isPresent() && route.has("filters")) {
      findings.add(
          route.at("hedge"),
          ProblemCode.HEDGE_WITH_FILTERS,
          "a request cannot pass through the filters twice at once",
          "hedge only on a route without filters",
          "remove one of the two");
    }
    return hedge;
  }

  /** Returns what is done without, in this order; what is named twice counts once. */
  List<BrownOut> brownOut(Block route) {
    return route.list("brown-out", Grammar.BROWN_OUT, Grammar.MOST_WORDS).stream()
        .map(Located::value)
        .distinct()
        .toList();
  }

  /** Returns the fallback, where it is sound. */
  Optional<Fallback> fallback(Block route, Optional<Upstream> own, Optional<Match> match) {
    Optional<Block> written = route.block("fallback", Shape.FALLBACK);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    Block block = written.get();
    if (!block.has("stale")) {
      return resort(block, own);
    }
    Optional<Located<Duration>> within = block.value("stale", Grammar.STALE);
    checkStale(block, route.has("filters"), match);
    boolean alone = !block.has("upstream") && !block.has("body");
    Optional<Fallback> otherwise = alone ? nothing(block) : resort(block, own);
    return within.map(time -> new Fallback.Stale(time.value(), otherwise));
  }

  private Optional<Fallback> resort(Block block, Optional<Upstream> own) {
    return block.has("upstream") ? elsewhere(block, own) : fixed(block);
  }

  /** What belongs to a body says nothing without one. */
  private Optional<Fallback> nothing(Block block) {
    for (String key : new String[] {"content-type", "status"}) {
      if (block.has(key)) {
        findings.add(
            block.at(key),
            ProblemCode.BAD_VALUE,
            key + " stands without body",
            "content-type and status of a body; a stale answer has its own",
            "add body, or remove it");
      }
    }
    return Optional.empty();
  }

  private void checkStale(Block block, boolean filters, Optional<Match> match) {
    if (filters) {
      // They may make another answer for each caller, and no field of it would say so.
      findings.add(
          block.at("stale"),
          ProblemCode.BAD_VALUE,
          "what filters make of an answer may be for one caller alone",
          "stale only on a route without filters",
          "remove one of the two");
    }
    Set<String> methods = match.map(Match::methods).orElse(Set.of());
    if (!methods.isEmpty() && !methods.contains("GET")) {
      findings.add(
          block.at("stale"),
          ProblemCode.BAD_VALUE,
          "only answers to GET are kept, which the route does not take",
          "stale only on a route that takes GET",
          "remove it, or add GET to the methods");
    }
  }

  private Optional<Fallback> elsewhere(Block block, Optional<Upstream> own) {
    for (String key : new String[] {"body", "content-type", "status"}) {
      if (block.has(key)) {
        findings.add(
            block.at(key),
            ProblemCode.BAD_VALUE,
            key + " stands beside upstream",
            "either upstream, or body, content-type and status",
            "remove one of the two");
      }
    }
    Optional<Located<String>> name = block.value("upstream", Grammar.NAME);
    Optional<Upstream> other = name.flatMap(upstreams::resolve);
    if (other.isPresent() && other.equals(own)) {
      findings.add(
          block.at("upstream"),
          ProblemCode.BAD_VALUE,
          "the route falls back to its own upstream",
          "another upstream",
          "name another, or remove the fallback");
    }
    return other.map(Fallback.Elsewhere::new);
  }

  private Optional<Fallback> fixed(Block block) {
    Optional<String> body = block.value("body", Grammar.FALLBACK_BODY).map(Located::value);
    String contentType =
        block.value("content-type", Grammar.CONTENT_TYPE).map(Located::value).orElse(CONTENT_TYPE);
    int status = block.value("status", Grammar.FALLBACK_STATUS).map(Located::value).orElse(200);
    boolean bodiless = status == 204 || status == 205 || status == 304;
    if (bodiless && body.map(text -> !text.isEmpty()).orElse(false)) {
      findings.add(
          block.at("body"),
          ProblemCode.BAD_VALUE,
          "an answer with status " + status + " has no body",
          "an empty body with this status",
          "write body: \"\", or another status");
    }
    return body.map(text -> new Fallback.Fixed(status, contentType, text));
  }
}
