package dev.weir.auth.password;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The passwords that attackers try first, shipped with the service. */
final class Blocklist {
  private static final String RESOURCE = "common-passwords.txt";

  private final Set<String> entries;

  private Blocklist(Set<String> entries) {
    this.entries = entries;
  }

  static Blocklist load() {
    var stream = Objects.requireNonNull(Blocklist.class.getResourceAsStream(RESOURCE), RESOURCE);
    try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      return new Blocklist(
          reader
              .lines()
              .filter(line -> !line.startsWith("#") && !line.isBlank())
              .collect(Collectors.toUnmodifiableSet()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean contains(String lowerCase) {
    return entries.contains(lowerCase);
  }

  int size() {
    return entries.size();
  }
}
