package dev.weir.quickstart.up;

/** Says in one line what is wrong with how the launcher was called. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String line) {
    super(line, null, false, false);
  }

  String line() {
    return String.valueOf(getMessage());
  }
}
