package dev.weir.gateway.routefile;

import dev.weir.gateway.route.PathPattern;

/** A path of literal segments, to be cut off before forwarding. */
record PrefixFormat() implements Format<PathPattern> {

  @Override
  public String allowed() {
    return "a prefix like /auth, of literal segments, without a / at its end";
  }

  @Override
  public Reading<PathPattern> read(String text) {
    if (text.endsWith("/")) {
      return Reading.bad("'" + TextFormat.shortened(text) + "' ends with /", "write it like /auth");
    }
    Reading<PathPattern> path = new PathFormat().read(text);
    if (!(path instanceof Reading.Good<PathPattern>(PathPattern pattern))) {
      return path;
    }
    boolean literal =
        pattern.segments().stream().allMatch(PathPattern.Segment.Literal.class::isInstance);
    if (!literal || pattern.openEnded()) {
      return Reading.bad(
          "'" + TextFormat.shortened(text) + "' is not literal", "write it like /auth");
    }
    return path;
  }
}
