package dev.weir.auth.password;

/**
 * What one Argon2id hash costs; 19 MiB, two passes, one lane is OWASP's minimum and what is
 * measured here.
 */
public record HashCost(int memoryKib, int passes, int lanes) {
  public static final HashCost CURRENT = new HashCost(19 * 1024, 2, 1);

  /** Bounds what a stored hash may ask for: a row is trusted, but not with all of the heap. */
  public HashCost {
    if (memoryKib < 8 || memoryKib > 256 * 1024 || passes < 1 || passes > 10 || lanes != 1) {
      throw new IllegalArgumentException("hash cost out of bounds");
    }
  }
}
