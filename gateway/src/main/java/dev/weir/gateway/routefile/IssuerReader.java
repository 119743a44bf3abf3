package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Issuer;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one issuer. */
final class IssuerReader {
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);
  private static final Set<String> ALGORITHMS = Set.of("RS256");

  private IssuerReader() {}

  /** Returns the issuer, unless a required part of it is missing or broken. */
  static Optional<Issuer> read(String name, Block block) {
    Optional<Located<String>> issuer = block.value("issuer", Grammar.IDENTIFIER);
    Optional<Located<URI>> jwks = block.value("jwks", Grammar.URL);
    Optional<Located<String>> audience = block.value("audience", Grammar.IDENTIFIER);
    Set<String> algorithms = algorithms(block);
    Duration skew =
        block.value("clock-skew", Grammar.CLOCK_SKEW).map(Located::value).orElse(CLOCK_SKEW);
    if (issuer.isEmpty() || jwks.isEmpty() || audience.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Issuer(
            name,
            issuer.get().value(),
            jwks.get().value(),
            audience.get().value(),
            algorithms,
            skew));
  }

  private static Set<String> algorithms(Block block) {
    List<Located<String>> written = block.list("algorithms", Grammar.ALGORITHM, Grammar.MOST_WORDS);
    Set<String> algorithms = new LinkedHashSet<>();
    written.forEach(algorithm -> algorithms.add(algorithm.value()));
    return algorithms.isEmpty() ? ALGORITHMS : algorithms;
  }
}
