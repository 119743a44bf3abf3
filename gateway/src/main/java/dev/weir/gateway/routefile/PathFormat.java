package dev.weir.gateway.routefile;

import dev.weir.gateway.route.PathPattern;
import dev.weir.gateway.route.PathPattern.Segment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path pattern. What ingress can never hand on (an empty or dot segment, a lower-case or needless
 * escape, a character that it refuses) is refused here: such a route would be silently dead.
 */
record PathFormat() implements Format<PathPattern> {
  private static final int MOST_CHARACTERS = 1_024;
  private static final int MOST_SEGMENTS = 32;
  private static final String OPEN_END = "/**";
  private static final Pattern NAMED = Pattern.compile("\\{([A-Za-z][A-Za-z0-9_-]{0,63})\\}");
  // pchar of RFC 3986 §3.3 but for the star, which is kept for /**, and the semicolon, which
  // ingress refuses.
  private static final Pattern LITERAL =
      Pattern.compile("(?:[A-Za-z0-9._~!$&'()+,=:@-]|%[0-9A-Fa-f]{2})*");
  private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");

  @Override
  public String allowed() {
    return "/a/b exactly, /a/{name}/b with a free segment, or /a/** for /a and everything below";
  }

  @Override
  public Reading<PathPattern> read(String text) {
    if (!text.startsWith("/")) {
      return Reading.bad(
          shown(text) + " does not start with /", "write /" + TextFormat.shortened(text));
    }
    if (text.length() > MOST_CHARACTERS) {
      return Reading.outOfBounds(
          shown(text) + " is too long", "write at most " + MOST_CHARACTERS + " characters");
    }
    boolean openEnded = text.endsWith(OPEN_END);
    String fixed = openEnded ? text.substring(0, text.length() - OPEN_END.length()) : text;
    List<String> written = fixed.isEmpty() ? List.of() : List.of(fixed.substring(1).split("/", -1));
    if (written.size() > MOST_SEGMENTS) {
      return Reading.outOfBounds(
          shown(text) + " is too deep", "write at most " + MOST_SEGMENTS + " segments");
    }
    // Only the last segment may be empty: /a/ is a path, /a//** and /a//b are not.
    int gap = written.indexOf("");
    if (gap >= 0 && (openEnded || gap < written.size() - 1)) {
      return Reading.bad(shown(text) + " has an empty segment", "write one / at a time");
    }
    return pattern(text, written, openEnded);
  }

  private static Reading<PathPattern> pattern(
      String text, List<String> written, boolean openEnded) {
    List<Segment> segments = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String segment : written) {
      switch (segment(text, segment)) {
        case Reading.Bad<Segment>(ProblemCode code, String message, String fix) -> {
          return new Reading.Bad<>(code, message, fix);
        }
        case Reading.Good<Segment>(Segment read) -> segments.add(read);
      }
      if (segments.getLast() instanceof Segment.Any(String name) && !names.add(name)) {
        return Reading.bad(shown(text) + " names {" + name + "} twice", "rename one of them");
      }
    }
    return new Reading.Good<>(new PathPattern(text, segments, openEnded));
  }

  private static Reading<Segment> segment(String text, String segment) {
    Matcher named = NAMED.matcher(segment);
    if (named.matches()) {
      return new Reading.Good<>(new Segment.Any(named.group(1)));
    }
    if (segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0) {
      return Reading.bad(
          shown(text) + " has a brace inside the segment '" + segment + "'",
          "let {name} be a whole segment, of letters, digits, - and _");
    }
    if (segment.indexOf('*') >= 0) {
      return Reading.bad(
          shown(text) + " has a * before its end",
          "write {name} for one segment; ** stands only at the end, as /**");
    }
    if (segment.equals(".") || segment.equals("..")) {
      return Reading.bad(shown(text) + " has a dot segment", "write the path that it leads to");
    }
    if (!LITERAL.matcher(segment).matches()) {
      return Reading.bad(
          shown(text) + " has a character that no request path has",
          "escape it as %XX of its UTF-8 bytes; ; ? # and \\ never match");
    }
    return escapes(text, segment);
  }

  private static Reading<Segment> escapes(String text, String segment) {
    Matcher escapes = ESCAPE.matcher(segment);
    while (escapes.find()) {
      String digits = escapes.group(1);
      int octet = Integer.parseInt(digits, 16);
      char character = (char) octet;
      if (octet < 0x80
          && (Character.isLetterOrDigit(character) || "-._~".indexOf(character) >= 0)) {
        return Reading.bad(
            shown(text) + " escapes an unreserved character",
            "write " + character + " for %" + digits);
      }
      if (octet < 0x20 || octet == 0x7f || character == '/' || character == '\\') {
        return Reading.bad(
            shown(text) + " has the escape %" + digits + ", which ingress refuses", "remove it");
      }
      if (!digits.equals(digits.toUpperCase(Locale.ROOT))) {
        return Reading.bad(
            shown(text) + " has a lower-case escape", "write %" + digits.toUpperCase(Locale.ROOT));
      }
    }
    return new Reading.Good<>(new Segment.Literal(segment));
  }

  private static String shown(String text) {
    return "'" + TextFormat.shortened(text) + "'";
  }
}
