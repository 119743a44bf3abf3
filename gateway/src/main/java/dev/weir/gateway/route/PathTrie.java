package dev.weir.gateway.route;

import dev.weir.gateway.route.PathPattern.Segment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One level of the path index: the routes that end here, and the levels below. See {@link
 * RouteTable} for the order of precedence and the cost.
 *
 * <p>Absence is null inside this class and {@link RouteTable} alone: an {@code Optional} per node
 * would be the only allocation and the only indirection of the walk.
 */
final class PathTrie {
  private final SegmentTable literals;
  private final @Nullable PathTrie any;
  private final MethodTable exact;
  private final MethodTable below;

  private PathTrie(
      SegmentTable literals, @Nullable PathTrie any, MethodTable exact, MethodTable below) {
    this.literals = literals;
    this.any = any;
    this.exact = exact;
    this.below = below;
  }

  /** Builds the index of one host. */
  static PathTrie of(List<Found.Hit> hits) {
    return of(hits, 0);
  }

  private static PathTrie of(List<Found.Hit> hits, int depth) {
    List<Found.Hit> exact = new ArrayList<>();
    List<Found.Hit> below = new ArrayList<>();
    List<Found.Hit> free = new ArrayList<>();
    Map<String, List<Found.Hit>> named = new HashMap<>();
    for (Found.Hit hit : hits) {
      PathPattern pattern = hit.route().match().path();
      if (pattern.segments().size() == depth) {
        (pattern.openEnded() ? below : exact).add(hit);
        continue;
      }
      switch (pattern.segments().get(depth)) {
        case Segment.Literal(String text) ->
            named.computeIfAbsent(text, ignored -> new ArrayList<>()).add(hit);
        case Segment.Any ignored -> free.add(hit);
      }
    }
    Map<String, PathTrie> children = HashMap.newHashMap(named.size());
    named.forEach((text, inside) -> children.put(text, of(inside, depth + 1)));
    return new PathTrie(
        SegmentTable.of(children),
        free.isEmpty() ? null : of(free, depth + 1),
        MethodTable.of(exact),
        MethodTable.of(below));
  }

  /**
   * Returns the most specific route that takes the method, or null.
   *
   * @param at where the segments consumed so far end: a slash, or the end of the path
   */
  Found.@Nullable Hit find(String path, int at, String method) {
    if (at == path.length()) {
      Found.Hit hit = exact.find(method);
      return hit != null ? hit : below.find(method);
    }
    int end = endOfSegment(path, at + 1);
    PathTrie literal = literals.find(path, at + 1, end);
    if (literal != null) {
      Found.Hit hit = literal.find(path, end, method);
      if (hit != null) {
        return hit;
      }
    }
    if (any != null && end > at + 1) {
      Found.Hit hit = any.find(path, end, method);
      if (hit != null) {
        return hit;
      }
    }
    return below.find(method);
  }

  /** Returns the methods of every route that takes the path. */
  Set<String> methods(String path, int at) {
    if (at == path.length()) {
      return union(exact.methods(), below.methods());
    }
    Set<String> methods = below.methods();
    int end = endOfSegment(path, at + 1);
    PathTrie literal = literals.find(path, at + 1, end);
    if (literal != null) {
      methods = union(literal.methods(path, end), methods);
    }
    if (any != null && end > at + 1) {
      methods = union(any.methods(path, end), methods);
    }
    return methods;
  }

  /**
   * Returns the union, which is one of the two where the other is empty: a miss allocates nothing.
   */
  static Set<String> union(Set<String> some, Set<String> others) {
    if (some.isEmpty() || others.isEmpty()) {
      return some.isEmpty() ? others : some;
    }
    Set<String> all = new HashSet<>(some);
    all.addAll(others);
    return all;
  }

  private static int endOfSegment(String path, int from) {
    int slash = path.indexOf('/', from);
    return slash < 0 ? path.length() : slash;
  }
}
