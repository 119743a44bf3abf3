package dev.weir.auth.config;

/**
 * Which line of history a host that can be written to is on. Every promotion begins a new one, with
 * a higher number: of two hosts that take writes, the one on the lower line is an old primary that
 * nobody has fenced off, and what is written there is lost.
 */
final class Timeline {
  /** The first eight digits of a WAL file's name; whoever may log in may ask, unless forbidden. */
  static final String SQL = "select substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)";

  /** A host that does not tell is never taken for an old one, and makes no other one old. */
  static final long UNKNOWN = 0;

  private Timeline() {}

  static long parse(String digits) {
    return Long.parseLong(digits, 16);
  }

  static boolean isOld(long timeline, long newest) {
    return timeline != UNKNOWN && timeline < newest;
  }
}
