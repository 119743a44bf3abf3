package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Source;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/**
 * The named things of one kind: issuers, limits or upstreams. A name whose thing is broken is known
 * all the same, so that one mistake does not show as one more at every use.
 */
final class Section<T> {
  private static final int MOST_GUESSES = 50;

  private record Declared<T>(Source at, Optional<T> value) {}

  private final String key;
  private final Map<String, Declared<T>> declared = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();
  private final Findings findings;
  private int guesses;

  private Section(String key, Findings findings) {
    this.key = key;
    this.findings = findings;
  }

  /** Reads the section under a key of the file, of which each thing has this shape. */
  static <T> Section<T> read(
      Block file,
      String key,
      Shape shape,
      int most,
      Findings findings,
      BiFunction<String, Block, Optional<T>> reader) {
    Section<T> section = new Section<>(key, findings);
    file.node(key).ifPresent(node -> section.readAll(node, shape, most, reader));
    return section;
  }

  private void readAll(
      Node node, Shape shape, int most, BiFunction<String, Block, Optional<T>> reader) {
    if (!(node instanceof MappingNode mapping)) {
      findings.add(
          Entries.at(node),
          ProblemCode.WRONG_TYPE,
          key + " is " + Entries.kind(node) + ", not a mapping",
          "a mapping from names to " + shape.title(),
          "write " + key + ": { NAME: { ... } }");
      return;
    }
    Map<String, Entries.Entry> entries = Entries.of(mapping, key, findings);
    if (entries.size() > most) {
      findings.add(
          Entries.at(node),
          ProblemCode.OUT_OF_BOUNDS,
          key + " has " + entries.size() + " names",
          "at most " + most,
          "remove some");
      return;
    }
    entries.forEach(
        (name, entry) -> {
          noteBadName(name, entry.at());
          Optional<T> value =
              Block.of(entry.value(), entry.at(), shape, findings)
                  .flatMap(block -> reader.apply(name, block));
          declared.put(name, new Declared<>(entry.at(), value));
        });
  }

  private void noteBadName(String name, Source at) {
    if (Grammar.NAME.read(name) instanceof Reading.Bad<String>(var code, var message, var fix)) {
      findings.add(at, code, "a name in " + key + ": " + message, Grammar.NAME.allowed(), fix);
    }
  }

  /** Returns what a name stands for; an unknown name is noted, with those that are known. */
  Optional<T> resolve(Located<String> name) {
    used.add(name.value());
    Declared<T> found = declared.get(name.value());
    if (found != null) {
      return found.value();
    }
    findings.add(
        name.at(),
        ProblemCode.UNKNOWN_NAME,
        "'" + name.value() + "' is not among the " + key,
        known(),
        nearest(name.value())
            .map(near -> "did you mean '" + near + "'?")
            .orElse("add '" + name.value() + "' under " + key));
    return Optional.empty();
  }

  /** Guessing among 10,000 names takes a while; a file full of wrong ones has another mistake. */
  private Optional<String> nearest(String name) {
    guesses++;
    return guesses > MOST_GUESSES ? Optional.empty() : NearMiss.of(name, declared.keySet());
  }

  /** A long list of names helps nobody. */
  private String known() {
    if (declared.isEmpty()) {
      return "a name under " + key + ", which has none";
    }
    List<String> names = declared.keySet().stream().limit(20).toList();
    int left = declared.size() - names.size();
    return String.join(", ", names) + (left == 0 ? "" : " and " + left + " more");
  }

  /** Puts another thing in the place of each sound one, which comes with its name's place. */
  void replaceAll(BiFunction<Source, T, T> change) {
    declared.replaceAll(
        (name, thing) ->
            new Declared<>(
                thing.at(), thing.value().map(value -> change.apply(thing.at(), value))));
  }

  /** Notes every name that nothing refers to. */
  void noteUnused() {
    declared.forEach(
        (name, thing) -> {
          if (!used.contains(name)) {
            findings.add(
                thing.at(),
                ProblemCode.UNUSED,
                "no route uses '" + TextFormat.shortened(name) + "' of " + key,
                "names that a route refers to",
                "remove it, or refer to it");
          }
        });
  }

  /** Returns the sound ones in the order of the file. */
  List<T> values() {
    return declared.values().stream().flatMap(thing -> thing.value().stream()).toList();
  }
}
