package dev.weir.gateway.jwt;

import dev.weir.gateway.route.ClaimPath;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads single claims. Types are strict: a date is a JSON integer from 0 to 2^53, not a string that
 * looks like one.
 */
record ClaimReader(ObjectNode claims) {
  private static final long LARGEST_DATE = 1L << 53;
  private static final int LIST_BOUND = 100;

  boolean has(String name) {
    return claims.has(name);
  }

  boolean has(ClaimPath path) {
    return find(path) != null;
  }

  /** Returns whether a claim is an object of this one member. */
  boolean hasOnly(String name, String member) {
    return claims.get(name) instanceof ObjectNode object
        && object.size() == 1
        && object.has(member);
  }

  String text(String name) {
    return textOf(claims.get(name));
  }

  /** Returns the text at a path, or nothing where there is none. */
  String text(ClaimPath path) {
    return textOf(find(path));
  }

  /** Returns a whole number from 0 to 2^53, or -1. */
  long date(String name) {
    JsonNode value = claims.get(name);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      return -1;
    }
    long number = value.longValue();
    return number < 0 || number > LARGEST_DATE ? -1 : number;
  }

  boolean isPast(String name, long latest) {
    long date = date(name);
    return date >= 0 && date <= latest;
  }

  /**
   * Our audience alone, or among others that are known. RFC 7519 would take any longer array, but
   * such a token can be played on by every other party that it is for.
   */
  boolean isFor(String audience, Set<String> others) {
    JsonNode value = claims.get("aud");
    if (value == null || !value.isArray()) {
      return audience.equals(textOf(value));
    }
    boolean ours = false;
    for (JsonNode one : value) {
      String text = textOf(one);
      if (!text.equals(audience) && !others.contains(text)) {
        return false;
      }
      ours |= text.equals(audience);
    }
    return ours && value.size() <= others.size() + 1;
  }

  /** Returns the words of an array of texts, sorted; null where it is none or holds others. */
  @Nullable Set<String> listed(ClaimPath path, Predicate<String> sound) {
    JsonNode value = find(path);
    if (value == null) {
      return Set.of();
    }
    if (!value.isArray() || value.size() > LIST_BOUND) {
      return null;
    }
    Set<String> words = new TreeSet<>();
    for (JsonNode entry : value) {
      if (!sound.test(textOf(entry))) {
        return null;
      }
      words.add(textOf(entry));
    }
    return words;
  }

  /** Returns the words of one text, sorted; null where it is none or holds others. */
  @Nullable Set<String> spaced(ClaimPath path, Predicate<String> sound) {
    JsonNode value = find(path);
    if (value == null) {
      return Set.of();
    }
    if (!value.isString()) {
      return null;
    }
    String text = value.stringValue();
    Set<String> words = new TreeSet<>();
    for (int start = 0; start < text.length(); ) {
      int space = text.indexOf(' ', start);
      int end = space < 0 ? text.length() : space;
      String word = text.substring(start, end);
      if (!sound.test(word) || words.size() == LIST_BOUND) {
        return null;
      }
      words.add(word);
      start = end + 1;
    }
    return words;
  }

  boolean isArray(ClaimPath path) {
    JsonNode value = find(path);
    return value != null && value.isArray();
  }

  private @Nullable JsonNode find(ClaimPath path) {
    JsonNode value = claims;
    for (String step : path.steps()) {
      // Only objects: a number is no index here, as no issuer says who somebody is by position.
      value = value instanceof ObjectNode object ? object.get(step) : null;
      if (value == null) {
        return null;
      }
    }
    return value;
  }

  private static String textOf(@Nullable JsonNode value) {
    return value != null && value.isString() ? value.stringValue() : "";
  }
}
