package dev.weir.gateway.route;

import java.util.List;

/**
 * A path as the route file writes it: {@code /a/b} exactly, {@code /a/{name}/b} with one free
 * segment, {@code /a/**} for /a and everything below.
 *
 * @param text as written
 * @param segments the segments before any {@code **}
 * @param openEnded whether {@code **} ends it
 */
public record PathPattern(String text, List<Segment> segments, boolean openEnded) {

  /** One segment of the path. */
  public sealed interface Segment {
    /** Matches this text only. */
    record Literal(String text) implements Segment {}

    /** Matches any one non-empty segment. */
    record Any(String name) implements Segment {}
  }

  /** Copies the segments. */
  public PathPattern {
    segments = List.copyOf(segments);
  }
}
