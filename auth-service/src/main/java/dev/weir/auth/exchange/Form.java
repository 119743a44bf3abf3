package dev.weir.auth.exchange;

import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Problem;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A form, in which no name comes twice (RFC 6749 §3.2). */
public final class Form {
  private final Map<String, String> members;

  private Form(Map<String, String> members) {
    this.members = Map.copyOf(members);
  }

  static Form parse(byte[] body) {
    var members = new HashMap<String, String>();
    try {
      for (var pair : new String(body, StandardCharsets.US_ASCII).split("&", 64)) {
        int equals = pair.indexOf('=');
        var name = decoded(equals < 0 ? pair : pair.substring(0, equals));
        var value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
        if (members.put(name, value) != null) {
          throw invalid(name + " comes twice");
        }
      }
    } catch (IllegalArgumentException malformed) {
      throw invalid("the form is malformed");
    }
    return new Form(members);
  }

  /** Returns a member that has to be there. */
  public String text(String name) {
    return optionalText(name).orElseThrow(() -> invalid(name + " is required"));
  }

  public Optional<String> optionalText(String name) {
    return Optional.ofNullable(members.get(name)).filter(value -> !value.isEmpty());
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static dev.weir.auth.problem.Refused invalid(String detail) {
    return Problem.of(AuthError.VALIDATION, detail + ".")
        .withMember("error", "invalid_request")
        .refuse();
  }
}
