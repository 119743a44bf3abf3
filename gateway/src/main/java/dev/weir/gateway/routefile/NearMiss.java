package dev.weir.gateway.routefile;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses which word was meant. */
public final class NearMiss {
  private NearMiss() {}

  /** Returns the known word nearest to what was written, where one is near enough. */
  public static Optional<String> of(String written, Collection<String> known) {
    String plain = plain(written);
    int reach = Math.max(1, written.length() / 3);
    return known.stream()
        .filter(word -> Math.abs(word.length() - written.length()) <= reach + 1)
        .filter(word -> distance(plain, plain(word)) <= reach)
        .min(Comparator.comparingInt(word -> distance(plain, plain(word))));
  }

  /** Spelling habits are no mistakes of letters: stripPrefix, strip_prefix and strip-prefix. */
  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-').replace("-", "");
  }

  /** Counts the letters to insert, drop, change or swap with their neighbour. */
  private static int distance(String from, String to) {
    int[] before = new int[to.length() + 1];
    int[] last = new int[to.length() + 1];
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && from.charAt(i - 1) == to.charAt(j - 2)
                && from.charAt(i - 2) == to.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      int[] spare = before;
      before = last;
      last = row;
      row = spare;
    }
    return last[to.length()];
  }
}
