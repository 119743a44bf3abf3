package dev.weir.gateway.routefile;

/** The grammar of one kind of scalar: a pure function from its text to a value or a complaint. */
interface Format<T> {

  /** Says what is allowed, for every complaint about such a value. */
  String allowed();

  /** Reads a text that is not empty. */
  Reading<T> read(String text);

  /** Returns whether the scalar may stand in quotes; a number may not. */
  default boolean takesQuotes() {
    return true;
  }
}
