package dev.weir.gateway.jwt;

/** The outcome of reading one part of a token. */
sealed interface Read<T> {

  /** It is what it should be. */
  record Good<T>(T value) implements Read<T> {}

  /** It is not. */
  record Bad<T>(TokenFault fault) implements Read<T> {}

  static <T> Read<T> good(T value) {
    return new Good<>(value);
  }

  static <T> Read<T> bad(TokenFault fault) {
    return new Bad<>(fault);
  }
}
