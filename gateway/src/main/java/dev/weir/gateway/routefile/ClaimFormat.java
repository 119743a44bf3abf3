package dev.weir.gateway.routefile;

import dev.weir.gateway.route.ClaimPath;
import java.util.regex.Pattern;

/** Where a token has a claim. */
record ClaimFormat() implements Format<ClaimPath> {
  private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,128}");
  private static final int MOST_STEPS = 4;

  @Override
  public String allowed() {
    return "the name of a claim, or a JSON Pointer of at most "
        + MOST_STEPS
        + " steps; 1 to 128 printable ASCII characters without a space";
  }

  @Override
  public Reading<ClaimPath> read(String text) {
    String shown = "'" + TextFormat.shortened(text) + "'";
    if (!VISIBLE.matcher(text).matches()) {
      return Reading.bad(shown + " is not a claim", "write it like roles, or /realm_access/roles");
    }
    ClaimPath path = ClaimPath.of(text);
    if (path.steps().stream().anyMatch(String::isEmpty)) {
      return Reading.bad(shown + " has an empty step", "write it like /realm_access/roles");
    }
    if (text.startsWith("/") && text.matches(".*~([^01].*)?")) {
      return Reading.bad(shown + " has a lone ~", "write ~0 for ~, and ~1 for / inside a name");
    }
    if (path.steps().size() > MOST_STEPS) {
      return Reading.outOfBounds(shown + " is too deep", "write at most " + MOST_STEPS + " steps");
    }
    return new Reading.Good<>(path);
  }
}
