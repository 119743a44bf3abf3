package dev.weir.gateway.routefile;

import dev.weir.gateway.route.BrownOut;
import dev.weir.gateway.route.Fallback;
import dev.weir.gateway.route.Hedge;
import dev.weir.gateway.route.Upstream;
import java.util.List;
import java.util.Optional;

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
  Optional<Fallback> fallback(Block route, Optional<Upstream> own) {
    Optional<Block> written = route.block("fallback", Shape.FALLBACK);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    Block block = written.get();
    return block.has("upstream") ? elsewhere(block, own) : fixed(block);
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
