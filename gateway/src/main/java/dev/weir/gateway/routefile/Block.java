package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * One raw mapping of a known shape. Reading it notes every problem; an empty answer means that the
 * key is absent, or that its problem is noted already.
 */
final class Block {
  private final Shape shape;
  private final Source at;
  private final Map<String, Entries.Entry> entries;
  private final Findings findings;

  private Block(Shape shape, Source at, Map<String, Entries.Entry> entries, Findings findings) {
    this.shape = shape;
    this.at = at;
    this.entries = entries;
    this.findings = findings;
  }

  /**
   * Opens a mapping and notes unknown, repeated and missing keys.
   *
   * @param at where a missing key is reported
   */
  static Optional<Block> of(Node node, Source at, Shape shape, Findings findings) {
    if (!(node instanceof MappingNode mapping)) {
      findings.add(
          Entries.at(node),
          ProblemCode.WRONG_TYPE,
          shape.title() + " is " + Entries.kind(node) + ", not a mapping",
          "a mapping with the keys " + String.join(", ", shape.names()),
          "write " + shape.leadingExample() + " and so on");
      return Optional.empty();
    }
    Map<String, Entries.Entry> entries = Entries.of(mapping, shape.title(), findings);
    new KeyCheck(shape, entries, findings).note(at);
    return Optional.of(new Block(shape, at, entries, findings));
  }

  /** Returns where the mapping is reported. */
  Source at() {
    return at;
  }

  /** Returns whether the key is written, be its value good or bad. */
  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** Returns whether the value of a key is of this kind. */
  boolean holds(String key, Class<? extends Node> kind) {
    Entries.Entry entry = entries.get(key);
    return entry != null && kind.isInstance(entry.value());
  }

  /** Returns the place of a key, or of the mapping where it is absent. */
  Source at(String key) {
    Entries.Entry entry = entries.get(key);
    return entry == null ? at : entry.at();
  }

  /** Returns the value of a key as it is written, unless it is empty. */
  Optional<Node> node(String key) {
    Entries.Entry entry = entries.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    if (Entries.isNothing(entry.value())) {
      findings.add(
          entry.at(),
          ProblemCode.MISSING_VALUE,
          key + " has no value",
          "a value for every key",
          "write " + example(key) + (isRequired(key) ? "" : ", or remove the key"));
      return Optional.empty();
    }
    return Optional.of(entry.value());
  }

  /** Returns the scalar under a key. */
  <T> Optional<Located<T>> value(String key, Format<T> format) {
    return node(key).flatMap(node -> scalar(key, node, format));
  }

  /** Returns the mapping under a key. */
  Optional<Block> block(String key, Shape inside) {
    return node(key).flatMap(node -> of(node, at(key), inside, findings));
  }

  /** Returns the sound scalars of the list under a key, which holds 1 to {@code most} of them. */
  <T> List<Located<T>> list(String key, Format<T> format, int most) {
    List<Node> items = items(key, most);
    Map<T, Located<T>> values = new LinkedHashMap<>();
    for (Node item : items) {
      item(key, item, format)
          .ifPresent(
              value -> {
                if (values.putIfAbsent(value.value(), value) != null) {
                  findings.add(
                      value.at(),
                      ProblemCode.DUPLICATE_ITEM,
                      key + " item '" + ((ScalarNode) item).getValue() + "' is listed twice",
                      "every item once",
                      "remove one of the two");
                }
              });
    }
    return List.copyOf(values.values());
  }

  /** Returns an item of the list under a key. */
  <T> Optional<Located<T>> item(String key, Node item, Format<T> format) {
    return scalar(key + " item", item, format);
  }

  /** Returns the items of the list under a key, which holds 1 to {@code most} of them. */
  List<Node> items(String key, int most) {
    Optional<Node> node = node(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (!(node.get() instanceof SequenceNode sequence)) {
      wrongType(key, node.get(), "a list", "write " + example(key));
      return List.of();
    }
    List<Node> items = new ArrayList<>(sequence.getValue());
    if (items.isEmpty() || items.size() > most) {
      findings.add(
          Entries.at(sequence),
          ProblemCode.OUT_OF_BOUNDS,
          items.isEmpty() ? key + " is an empty list" : key + " has " + items.size() + " items",
          "1 to " + most + " items",
          items.isEmpty() && !isRequired(key)
              ? "add one, or remove the key"
              : "write 1 to " + most);
      return List.of();
    }
    return items;
  }

  private <T> Optional<Located<T>> scalar(String title, Node node, Format<T> format) {
    boolean text = node instanceof ScalarNode && !Entries.isNothing(node);
    if (!text) {
      wrongType(title, node, format.allowed(), "write one value");
      return Optional.empty();
    }
    ScalarNode scalar = (ScalarNode) node;
    if (!scalar.isPlain() && !format.takesQuotes()) {
      wrongType(title, node, format.allowed(), "write " + scalar.getValue() + " without quotes");
      return Optional.empty();
    }
    return switch (format.read(scalar.getValue())) {
      case Reading.Good<T>(T value) -> Optional.of(new Located<>(value, Entries.at(node)));
      case Reading.Bad<T>(ProblemCode code, String message, String fix) -> {
        findings.add(Entries.at(node), code, title + " " + message, format.allowed(), fix);
        yield Optional.empty();
      }
    };
  }

  private void wrongType(String title, Node node, String allowed, String fix) {
    findings.add(
        Entries.at(node),
        ProblemCode.WRONG_TYPE,
        title + " is " + Entries.kind(node),
        allowed,
        fix);
  }

  private boolean isRequired(String key) {
    return shape
        .key(key)
        .map(known -> known.required() || !known.instead().isEmpty())
        .orElse(false);
  }

  private String example(String key) {
    return shape.key(key).map(Shape.Key::example).orElse(key);
  }
}
