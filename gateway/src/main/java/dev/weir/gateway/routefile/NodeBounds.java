package dev.weir.gateway.routefile;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Bounds a node tree before anything walks it. With aliases a tree is a graph: nine lines can
 * unfold to a billion nodes, and an alias to its own parent never ends. Each node is visited once;
 * its unfolded size is the sum of its children's.
 */
final class NodeBounds {
  /** Nodes after every alias is unfolded; a table of 10,000 routes has about 400,000. */
  static final long MOST_NODES = 2_000_000;

  private static final Set<Tag> PLAIN =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MERGE);
  private static final long OPEN = -1;

  private final Findings findings;
  private final IdentityHashMap<Node, Long> sizes = new IdentityHashMap<>();
  private boolean sound = true;

  NodeBounds(Findings findings) {
    this.findings = findings;
  }

  /** Returns whether the tree may be walked; notes why not. */
  boolean holds(Node root) {
    if (size(root) > MOST_NODES) {
      note(
          root,
          "the file unfolds to more than " + MOST_NODES + " values",
          "aliases of small blocks",
          "write out what the aliases of aliases stand for");
    }
    return sound;
  }

  // Recursion is safe: the composer has bounded the depth, and a node under way is not entered.
  private long size(Node node) {
    Long known = sizes.putIfAbsent(node, OPEN);
    if (known != null && known == OPEN) {
      note(
          node, "an alias stands inside its own anchor", "aliases of finished blocks", "remove it");
    }
    if (known != null) {
      return Math.max(known, 1);
    }
    noteTag(node);
    long size = 1;
    for (Node child : children(node)) {
      size = Math.min(MOST_NODES + 1, size + size(child));
    }
    sizes.put(node, size);
    return size;
  }

  private static List<Node> children(Node node) {
    return switch (node) {
      case MappingNode mapping ->
          mapping.getValue().stream()
              .flatMap(tuple -> Stream.of(tuple.getKeyNode(), tuple.getValueNode()))
              .toList();
      case SequenceNode sequence -> sequence.getValue();
      default -> List.of();
    };
  }

  private void noteTag(Node node) {
    boolean ours =
        switch (node) {
          case MappingNode mapping -> mapping.getTag().equals(Tag.MAP);
          case SequenceNode sequence -> sequence.getTag().equals(Tag.SEQ);
          case ScalarNode scalar ->
              PLAIN.contains(scalar.getTag()) || scalar.getValue().equals("=");
          default -> false;
        };
    if (!ours) {
      sound = false;
      findings.add(
          Entries.at(node),
          ProblemCode.TAG_REFUSED,
          "tag " + TextFormat.shortened(node.getTag().getValue()) + " is refused",
          "plain YAML without tags",
          "remove the tag");
    }
  }

  private void note(Node node, String message, String allowed, String fix) {
    sound = false;
    findings.add(Entries.at(node), ProblemCode.TOO_COMPLEX, message, allowed, fix);
  }
}
