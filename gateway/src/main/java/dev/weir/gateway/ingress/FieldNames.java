package dev.weir.gateway.ingress;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A fixed set of field names and beginnings of names. An underscore counts as a dash and case does
 * not count, because CGI-like upstreams cannot tell {@code X_Weir_Subject} from {@code
 * x-weir-subject}.
 *
 * <p><b>What runs per field.</b> The few names of the same length are compared, usually none, and
 * the beginnings, which differ in the first letters. Nothing is hashed or allocated.
 */
final class FieldNames {
  private final String[][] byLength;
  private final String[] prefixes;

  private FieldNames(String[][] byLength, String[] prefixes) {
    this.byLength = byLength;
    this.prefixes = prefixes;
  }

  /** Names and prefixes in lower case, with dashes. */
  static FieldNames of(Collection<String> names, List<String> prefixes) {
    int longest = names.stream().mapToInt(String::length).max().orElse(0);
    String[][] byLength = new String[longest + 1][];
    for (int length = 0; length <= longest; length++) {
      int wanted = length;
      byLength[length] =
          names.stream().filter(name -> name.length() == wanted).toArray(String[]::new);
    }
    return new FieldNames(byLength, new ArrayList<>(prefixes).toArray(String[]::new));
  }

  /** Returns whether the name is one of these, or begins as one and goes on. */
  boolean contains(CharSequence name) {
    int length = name.length();
    if (length < byLength.length) {
      for (String candidate : byLength[length]) {
        if (same(name, candidate)) {
          return true;
        }
      }
    }
    for (String prefix : prefixes) {
      if (length > prefix.length() && same(name, prefix)) {
        return true;
      }
    }
    return false;
  }

  /** Compares the first characters of a field name with lower-case text. */
  private static boolean same(CharSequence name, String lower) {
    for (int i = 0; i < lower.length(); i++) {
      char c = name.charAt(i);
      char folded = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
      if (folded != lower.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
