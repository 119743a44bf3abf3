package dev.weir.gateway.route;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fixed hash table from literal segments to the levels below them, asked with a range of the
 * path's characters instead of a string of its own.
 *
 * <p>Open addressing with linear probing, at most half full. The hash is that of {@link
 * String#hashCode()}, so the keys' own cached hashes place them. Clients choose what is looked up
 * and never what is stored, so a chosen segment costs at most the longest run the file itself
 * makes.
 */
final class SegmentTable {
  private final @Nullable String[] keys;
  private final @Nullable PathTrie[] values;
  private final int mask;

  private SegmentTable(@Nullable String[] keys, @Nullable PathTrie[] values) {
    this.keys = keys;
    this.values = values;
    this.mask = keys.length - 1;
  }

  /** Copies a map. */
  static SegmentTable of(Map<String, PathTrie> children) {
    int capacity = children.isEmpty() ? 1 : Integer.highestOneBit(children.size() * 2 - 1) * 2;
    @Nullable String[] keys = new @Nullable String[capacity];
    @Nullable PathTrie[] values = new @Nullable PathTrie[capacity];
    children.forEach(
        (text, child) -> {
          int slot = slot(text.hashCode(), capacity - 1);
          while (keys[slot] != null) {
            slot = (slot + 1) & (capacity - 1);
          }
          keys[slot] = text;
          values[slot] = child;
        });
    return new SegmentTable(keys, values);
  }

  /** Returns what is stored under the characters from {@code from} to {@code to}, or null. */
  @Nullable PathTrie find(String path, int from, int to) {
    if (mask == 0) {
      return null;
    }
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + path.charAt(i);
    }
    int slot = slot(hash, mask);
    String key = keys[slot];
    while (key != null) {
      if (key.length() == to - from && path.startsWith(key, from)) {
        return values[slot];
      }
      slot = (slot + 1) & mask;
      key = keys[slot];
    }
    return null;
  }

  /**
   * Takes the slot from the high bits of a product with the golden ratio. The names of a file often
   * differ in a number at their end, whose hashes lie side by side: without this, 10,000 of them
   * made runs of 314 slots; with it, of 4.
   */
  private static int slot(int hash, int mask) {
    return (hash * 0x9E3779B9) >>> Integer.numberOfLeadingZeros(mask);
  }
}
