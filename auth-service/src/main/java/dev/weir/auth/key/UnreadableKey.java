package dev.weir.auth.key;

/**
 * A stored key does not open: the key-encryption key is not the one that it was wrapped under, or
 * somebody has given it another use.
 */
public final class UnreadableKey extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableKey(String kid, Throwable cause) {
    super("key " + kid + " does not open", cause);
  }

  private UnreadableKey(String message) {
    super(message);
  }

  static UnreadableKey ofAnotherUse(String kid) {
    return new UnreadableKey("key " + kid + " was made for another use than it has now");
  }
}
