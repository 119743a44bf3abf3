package dev.weir.gateway.routefile;

import dev.weir.gateway.route.ClaimNames;
import dev.weir.gateway.route.ClaimPath;
import dev.weir.gateway.route.Dialect;
import dev.weir.gateway.route.Issuer;
import dev.weir.gateway.route.KeyPlace;
import dev.weir.gateway.route.Namespace;
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
  private static final String NO_TYPE = "none";

  private final Findings findings;

  IssuerReader(Findings findings) {
    this.findings = findings;
  }

  /** Returns the issuer, unless a required part of it is missing or broken. */
  Optional<Issuer> read(String name, Block block) {
    Optional<Located<String>> issuer = block.value("issuer", Grammar.IDENTIFIER);
    Optional<KeyPlace> keys = keys(block, issuer.map(Located::value).orElse(""));
    Optional<Located<String>> audience = block.value("audience", Grammar.IDENTIFIER);
    Set<String> algorithms = words(block.list("algorithms", Grammar.ALGORITHM, Grammar.MOST_WORDS));
    Duration skew =
        block.value("clock-skew", Grammar.CLOCK_SKEW).map(Located::value).orElse(CLOCK_SKEW);
    Dialect dialect = dialect(block);
    if (issuer.isEmpty() || keys.isEmpty() || audience.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Issuer(
            name,
            issuer.get().value(),
            keys.get(),
            audience.get().value(),
            algorithms.isEmpty() ? ALGORITHMS : algorithms,
            skew,
            dialect));
  }

  private Optional<KeyPlace> keys(Block block, String issuer) {
    if (block.has("jwks") && block.has("discovery")) {
      findings.add(
          block.at("discovery"),
          ProblemCode.BAD_VALUE,
          "discovery stands beside jwks",
          "either jwks or discovery",
          "remove one of the two");
    }
    Optional<KeyPlace> jwks =
        block.value("jwks", Grammar.URL).map(url -> new KeyPlace.Jwks(url.value()));
    Optional<Located<URI>> discovery = block.value("discovery", Grammar.URL);
    return jwks.or(() -> discovery.map(url -> new KeyPlace.Metadata(url.value(), issuer)));
  }

  private static Dialect dialect(Block block) {
    Set<String> types = types(block);
    Set<String> others =
        words(block.list("other-audiences", Grammar.IDENTIFIER, Grammar.MOST_WORDS));
    Namespace namespace =
        block
            .value("namespace", Grammar.NAME)
            .map(name -> Namespace.named(name.value()))
            .orElse(Namespace.NONE);
    ClaimNames names = names(block.block("claims", Shape.CLAIMS), namespace);
    return new Dialect(types, others, names, namespace);
  }

  private static Set<String> types(Block block) {
    Set<String> types = new LinkedHashSet<>();
    for (Located<String> type : block.list("types", Grammar.TOKEN_TYPE, Grammar.MOST_WORDS)) {
      types.add(type.value().equals(NO_TYPE) ? "" : type.value());
    }
    return types.isEmpty() ? Dialect.STANDARD.types() : types;
  }

  /**
   * The roles, scopes and proofs of somebody else's house count here only where the file says which
   * they are.
   */
  private static ClaimNames names(Optional<Block> block, Namespace namespace) {
    ClaimNames standard = ClaimNames.STANDARD;
    boolean foreign = namespace.isNamed();
    return new ClaimNames(
        claim(block, "subject").orElse(standard.subject()),
        claim(block, "session").orElse(standard.session()),
        claim(block, "id").orElse(standard.id()),
        claim(block, "roles").or(() -> foreign ? Optional.empty() : standard.roles()),
        claim(block, "scope").or(() -> foreign ? Optional.empty() : standard.scope()),
        claim(block, "acr").or(() -> foreign ? Optional.empty() : standard.acr()),
        claim(block, "tenant"));
  }

  private static Optional<ClaimPath> claim(Optional<Block> block, String key) {
    return block.flatMap(claims -> claims.value(key, Grammar.CLAIM_PATH)).map(Located::value);
  }

  private static Set<String> words(List<Located<String>> written) {
    Set<String> words = new LinkedHashSet<>();
    written.forEach(word -> words.add(word.value()));
    return words;
  }
}
