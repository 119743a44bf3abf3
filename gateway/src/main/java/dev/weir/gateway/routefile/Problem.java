package dev.weir.gateway.routefile;

/**
 * One thing that is wrong with a route file, where, and how to mend it.
 *
 * @param file the file's name as the caller gave it
 * @param line from 1
 * @param column from 1, in characters
 * @param message what is wrong
 * @param allowed what would be right
 * @param fix how to mend it
 */
public record Problem(
    String file,
    int line,
    int column,
    Severity severity,
    ProblemCode code,
    String message,
    String allowed,
    String fix) {

  /** Returns the one-line form that editors and compilers' users know. */
  public String text() {
    return "%s:%d:%d: %s: %s; allowed: %s; %s [%s]"
        .formatted(file, line, column, severity.label(), message, allowed, fix, code.code());
  }

  /** Returns the problem as one JSON object. */
  public String json() {
    return "{\"severity\":%s,\"code\":%s,\"file\":%s,\"line\":%d,\"column\":%d,\"message\":%s,\"allowed\":%s,\"fix\":%s}"
        .formatted(
            JsonText.quote(severity.label()),
            JsonText.quote(code.code()),
            JsonText.quote(file),
            line,
            column,
            JsonText.quote(message),
            JsonText.quote(allowed),
            JsonText.quote(fix));
  }
}
