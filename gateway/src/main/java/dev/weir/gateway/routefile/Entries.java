package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Source;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Turns YAML's mappings into keys with places; a key may stand once. */
final class Entries {

  /** A key's place, and its value. */
  record Entry(Source at, Node value) {}

  private Entries() {}

  /** Returns the entries by key; of a repeated key the first. */
  static Map<String, Entry> of(MappingNode mapping, String title, Findings findings) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Source at = at(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        findings.add(
            at,
            ProblemCode.WRONG_TYPE,
            "a key of " + title + " is " + kind(tuple.getKeyNode()),
            "a text",
            "write KEY: VALUE");
        continue;
      }
      Entry first = entries.putIfAbsent(key.getValue(), new Entry(at, tuple.getValueNode()));
      if (first != null) {
        findings.add(
            at,
            ProblemCode.DUPLICATE_KEY,
            "key '%s' is already in %s, at line %d"
                .formatted(TextFormat.shortened(key.getValue()), title, first.at().line()),
            "every key once",
            "remove one of the two");
      }
    }
    return entries;
  }

  /** Returns where a node starts; YAML's marks count from 0. */
  static Source at(Node node) {
    return at(node.getStartMark());
  }

  /** Returns the place of a mark. */
  static Source at(Mark mark) {
    return new Source(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** Returns whether a node is there but says nothing. */
  static boolean isNothing(Node node) {
    return Tag.NULL.equals(node.getTag());
  }

  /** Returns what messages call a node. */
  static String kind(Node node) {
    return switch (node) {
      case MappingNode ignored -> "a mapping";
      case SequenceNode ignored -> "a list";
      case Node nothing when isNothing(nothing) -> "empty";
      default -> "a text";
    };
  }
}
