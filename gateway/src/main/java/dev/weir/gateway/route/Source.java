package dev.weir.gateway.route;

/**
 * Where in the route file a compiled rule was written, so that a refusal can name it. Both from 1.
 */
public record Source(int line, int column) {
  @Override
  public String toString() {
    return line + ":" + column;
  }
}
