package dev.weir.gateway.routefile;

/** A share above 0 and at most 1. */
record RatioFormat() implements Format<Double> {

  @Override
  public String allowed() {
    return "a ratio above 0 and at most 1, such as 0.5";
  }

  @Override
  public Reading<Double> read(String text) {
    if (!text.matches("-?[0-9]{1,3}(\\.[0-9]{1,6})?%?")) {
      return Reading.bad("'" + text + "' is not a ratio", "write it like 0.5");
    }
    if (text.endsWith("%")) {
      return Reading.bad("'" + text + "' is a percentage", "write 0.5 for 50%");
    }
    double value = Double.parseDouble(text);
    if (value <= 0 || value > 1) {
      return Reading.outOfBounds("'" + text + "' is out of bounds", "write it like 0.5");
    }
    return new Reading.Good<>(value);
  }

  @Override
  public boolean takesQuotes() {
    return false;
  }
}
