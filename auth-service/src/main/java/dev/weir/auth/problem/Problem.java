package dev.weir.auth.problem;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One refusal as a value: what it is, what to tell the client, and the headers that go with it. */
public record Problem(
    AuthError error,
    String detail,
    List<FieldFault> faults,
    Map<String, String> headers,
    Map<String, Object> members) {
  public Problem {
    faults = List.copyOf(faults);
    headers = Map.copyOf(headers);
    members = Map.copyOf(members);
  }

  public static Problem of(AuthError error) {
    return of(error, error.title() + ".");
  }

  public static Problem of(AuthError error, String detail) {
    return new Problem(error, detail, List.of(), Map.of(), Map.of());
  }

  public Problem withFaults(List<FieldFault> faults) {
    return new Problem(error, detail, faults, headers, members);
  }

  public Problem withHeader(String name, String value) {
    var all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new Problem(error, detail, faults, all, members);
  }

  /** Adds a member of its own to the body (RFC 9457 3.2). */
  public Problem withMember(String name, Object value) {
    var all = new LinkedHashMap<>(members);
    all.put(name, value);
    return new Problem(error, detail, faults, headers, all);
  }

  /** Adds Retry-After in whole seconds, rounded up so that a client that obeys is never early. */
  public Problem retryAfter(Duration wait) {
    long seconds = Math.max(1, (wait.toMillis() + 999) / 1000);
    return withHeader("Retry-After", Long.toString(seconds));
  }

  /** Wraps this refusal for a reactive chain, where only an exception ends the line early. */
  public Refused refuse() {
    return new Refused(this);
  }
}
