package dev.weir.gateway.routefile;

/** A whole number within bounds. */
record NumberFormat(int least, int most) implements Format<Integer> {

  @Override
  public String allowed() {
    return "a whole number from %d to %d".formatted(least, most);
  }

  @Override
  public Reading<Integer> read(String text) {
    if (!text.matches("-?[0-9]{1,18}")) {
      return Reading.bad("'" + text + "' is not a whole number", "write it like " + least);
    }
    long value = Long.parseLong(text);
    if (value < least) {
      return Reading.outOfBounds("'" + text + "' is too small", "write at least " + least);
    }
    if (value > most) {
      return Reading.outOfBounds("'" + text + "' is too large", "write at most " + most);
    }
    return new Reading.Good<>((int) value);
  }

  @Override
  public boolean takesQuotes() {
    return false;
  }
}
