package dev.weir.gateway.stale;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The request fields that an answer was chosen by (RFC 9111 §4.1): those of Vary, and two that
 * upstreams forget there, the coding of what is encoded and the origin that a script is allowed.
 *
 * @param values by name in lower case; empty: absent
 */
record Selection(Map<String, String> values) {
  private static final int MOST_NAMES = 8;
  private static final int MOST_CHARACTERS = 1_024;
  private static final String ANYTHING = "*";

  /** Part of the key, and another towards each endpoint. */
  private static final String HOST = "host";

  /** Copies the values. */
  Selection {
    values = Map.copyOf(values);
  }

  /**
   * Returns what an answer was chosen by; nothing where that cannot be told, is too much to keep or
   * is a secret.
   */
  static Optional<Selection> of(HttpHeaders answer, HttpHeaders request, Set<String> secrets) {
    Set<String> names = names(answer);
    if (names.contains(ANYTHING) || names.size() > MOST_NAMES) {
      return Optional.empty();
    }
    Map<String, String> values = HashMap.newHashMap(names.size());
    int characters = 0;
    for (String name : names) {
      String value = value(request, name);
      characters += value.length();
      if (characters > MOST_CHARACTERS || (secrets.contains(name) && !value.isEmpty())) {
        return Optional.empty();
      }
      values.put(name, value);
    }
    return Optional.of(new Selection(values));
  }

  boolean fits(HttpHeaders request) {
    for (Map.Entry<String, String> chosen : values.entrySet()) {
      if (!value(request, chosen.getKey()).equals(chosen.getValue())) {
        return false;
      }
    }
    return true;
  }

  int size() {
    return values.values().stream().mapToInt(String::length).sum();
  }

  private static Set<String> names(HttpHeaders answer) {
    Set<String> names = new HashSet<>();
    names.add(HttpHeaderNames.ORIGIN.toString());
    if (answer.contains(HttpHeaderNames.CONTENT_ENCODING)) {
      names.add(HttpHeaderNames.ACCEPT_ENCODING.toString());
    }
    for (String field : answer.getAll(HttpHeaderNames.VARY)) {
      for (String name : field.split(",", -1)) {
        names.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
    names.remove("");
    names.remove(HOST);
    return names;
  }

  private static String value(HttpHeaders request, String name) {
    Iterator<String> values = request.valueStringIterator(name);
    String first = values.hasNext() ? values.next() : "";
    return values.hasNext() ? String.join(", ", request.getAll(name)) : first;
  }
}
