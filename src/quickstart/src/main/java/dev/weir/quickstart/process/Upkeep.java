package dev.weir.quickstart.process;

/** What the unasked end of a part leads to. */
public enum Upkeep {
  /** The run cannot go on without it. */
  ESSENTIAL,
  /** It is started again after a pause, so that an outage can be rehearsed. */
  RESTARTED
}
