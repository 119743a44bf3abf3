package dev.weir.gateway.routefile;

import java.util.regex.Pattern;

/**
 * {@code Name} or {@code Name=arguments} of a filter of the extension host.
 *
 * <p>The host evaluates {@code #{...}} in arguments as an expression, which has been the way to
 * remote code execution (CVE-2022-22947, CVE-2025-41243, CVE-2025-41253). Route data holds none.
 */
record FilterFormat() implements Format<String> {
  private static final Pattern SHAPE = Pattern.compile("[A-Z][A-Za-z0-9]{0,63}(=[^\\p{Cntrl}]+)?");

  @Override
  public String allowed() {
    return "Name or Name=arguments, of at most 1024 characters, such as 'AddResponseHeader=X-Hello, world'";
  }

  @Override
  public Reading<String> read(String text) {
    if (text.contains("#{")) {
      return new Reading.Bad<>(
          ProblemCode.EXPRESSION_REFUSED,
          "'" + TextFormat.shortened(text) + "' holds an expression",
          "write the value itself; route data is never evaluated");
    }
    if (text.length() > 1024 || !SHAPE.matcher(text).matches()) {
      return Reading.bad(
          "'" + TextFormat.shortened(text) + "' is not a filter",
          "write it like 'AddResponseHeader=X-Hello, world'");
    }
    return new Reading.Good<>(text);
  }
}
