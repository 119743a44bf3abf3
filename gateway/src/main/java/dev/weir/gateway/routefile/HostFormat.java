package dev.weir.gateway.routefile;

import java.util.Locale;

/** The host of a request as ingress leaves it: lower case and without port. */
record HostFormat() implements Format<String> {

  @Override
  public String allowed() {
    return "a lower-case host name without port or wildcard; no host key for any host";
  }

  @Override
  public Reading<String> read(String text) {
    String shown = "'" + TextFormat.shortened(text) + "'";
    if (text.contains("*")) {
      return Reading.bad(
          shown + " has a wildcard", "write one route per host, or remove the key for any host");
    }
    if (text.matches("[^:]+:[0-9]+")) {
      return Reading.bad(shown + " has a port", "write " + text.substring(0, text.indexOf(':')));
    }
    if (!text.equals(text.toLowerCase(Locale.ROOT))) {
      return Reading.bad(shown + " is not lower case", "write " + text.toLowerCase(Locale.ROOT));
    }
    if (text.startsWith("[") || !EndpointFormat.isHost(text)) {
      return Reading.bad(shown + " is not a host name", "write it like api.example.com");
    }
    return new Reading.Good<>(text);
  }
}
