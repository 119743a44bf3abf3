package dev.weir.quickstart.process;

/** Tells whether a started part can serve. */
@FunctionalInterface
public interface Readiness {
  /** Answers for the process with this id: what another one left behind does not count. */
  boolean isReady(long pid);
}
