package dev.weir.gateway.routefile;

/** What came of reading a scalar. */
sealed interface Reading<T> {

  /** It means this. */
  record Good<T>(T value) implements Reading<T> {}

  /**
   * It means nothing.
   *
   * @param message what is wrong; the key goes in front of it
   * @param fix how to mend it
   */
  record Bad<T>(ProblemCode code, String message, String fix) implements Reading<T> {}

  /** Returns that the text is not of the form. */
  static <T> Reading<T> bad(String message, String fix) {
    return new Bad<>(ProblemCode.BAD_VALUE, message, fix);
  }

  /** Returns that the value is too small or too large. */
  static <T> Reading<T> outOfBounds(String message, String fix) {
    return new Bad<>(ProblemCode.OUT_OF_BOUNDS, message, fix);
  }
}
