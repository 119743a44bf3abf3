package dev.weir.bench.ceiling;

import java.util.Arrays;

/**
 * A number for each possible start of an interval, with the highest of them at hand: adding to all
 * starts up to one of them costs O(log n), asking for the highest O(1). A binary tree in arrays; a
 * node's value is the highest below it, less what was added to all of them above it.
 */
final class Starts {
  private static final long UNUSED = Long.MIN_VALUE / 4;

  private final int leaves;
  private final long[] highest;
  private final long[] added;

  Starts(int count) {
    this.leaves = Math.max(1, Integer.highestOneBit(Math.max(1, count) * 2 - 1));
    this.highest = new long[2 * leaves];
    this.added = new long[2 * leaves];
    Arrays.fill(highest, UNUSED);
  }

  /** Puts a start into use, with this on top of all that was added to it so far. */
  void use(int start, long value) {
    int node = start + leaves;
    highest[node] += value - UNUSED;
    settle(node);
  }

  /** Adds to every start up to this one, itself included, in use or not. */
  void addUpTo(int start, long value) {
    int node = start + leaves;
    highest[node] += value;
    while (node > 1) {
      if ((node & 1) == 1) {
        // All starts below the left sibling come before this one.
        highest[node - 1] += value;
        added[node - 1] += value;
      }
      node = node >> 1;
      raise(node);
    }
  }

  long highest() {
    return highest[1];
  }

  /** Returns the start that has the highest number. */
  int best() {
    int node = 1;
    while (node < leaves) {
      node = highest[2 * node] >= highest[2 * node + 1] ? 2 * node : 2 * node + 1;
    }
    return node - leaves;
  }

  private void settle(int leaf) {
    for (int node = leaf >> 1; node >= 1; node >>= 1) {
      raise(node);
    }
  }

  private void raise(int node) {
    highest[node] = Math.max(highest[2 * node], highest[2 * node + 1]) + added[node];
  }
}
