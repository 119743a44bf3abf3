package dev.weir.auth.key;

/** A stored key does not open: the key-encryption key is not the one that it was wrapped under. */
public final class UnreadableKey extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableKey(String kid, Throwable cause) {
    super("key " + kid + " does not open", cause);
  }
}
