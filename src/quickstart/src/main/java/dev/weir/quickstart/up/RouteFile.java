package dev.weir.quickstart.up;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The route file of the demo, fitted to the ports of the run. */
public final class RouteFile {
  private RouteFile() {}

  /**
   * The tracked file itself when every port is the usual one, so that an edit of it is live at
   * once. Otherwise a copy with the run's own ports, made anew at each start.
   */
  static Path place(Path tracked, Path copy, Ports ports) throws IOException {
    if (ports.isUsual()) {
      return tracked;
    }
    Files.writeString(copy, fit(Files.readString(tracked), ports));
    return copy;
  }

  /** The text with the ports that the variables set. */
  public static String fit(String text, Map<String, String> variables) {
    return fit(text, Ports.of(variables));
  }

  /** Replaces all addresses in one pass: no replacement is ever replaced again. */
  static String fit(String text, Ports ports) {
    Map<String, String> addresses = new TreeMap<>();
    for (var setting : PortSetting.values()) {
      for (var host : new String[] {"127.0.0.1:", "localhost:"}) {
        addresses.put(host + setting.usual(), host + ports.get(setting));
      }
    }
    var any =
        addresses.keySet().stream()
            .map(Pattern::quote)
            .collect(Collectors.joining("|", "(?:", ")\\b"));
    return Pattern.compile(any)
        .matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(addresses.getOrDefault(found.group(), found.group())));
  }
}
