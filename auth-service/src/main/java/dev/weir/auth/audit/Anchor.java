package dev.weir.auth.audit;

import java.time.Instant;

/**
 * Where the log begins since months of it were dropped.
 *
 * @param cut everything before it has been dropped, or may be at any moment
 * @param seq the last link before that all of which the events are of before the cut
 * @param link the digest of that link, which the next one follows
 * @param succeeded which keys had been succeeded before it, as {@link SucceededKeys} writes them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record Anchor(Instant cut, long seq, byte[] link, String succeeded) {
  /** Nothing was ever dropped. */
  static final Anchor NONE = new Anchor(Instant.EPOCH, 0, EventDigest.START, "");
}
