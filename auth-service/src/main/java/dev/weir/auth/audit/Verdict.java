package dev.weir.auth.audit;

import java.util.HexFormat;

/** What a verification of the log came to. */
public sealed interface Verdict {
  /** Every link holds; {@code waiting} events have none yet. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Intact(long links, byte[] head, long waiting) implements Verdict {
    /** Returns the last link's digest: kept elsewhere, it also shows that the end was cut off. */
    public String headText() {
      return HexFormat.of().formatHex(head);
    }
  }

  /** The first place at which the log is not what was written. */
  record Broken(long link, long eventId, String fault) implements Verdict {}
}
