package dev.weir.auth.problem;

/** Says who has to act on a refusal. */
public enum Fault {
  CLIENT,
  SERVICE,
  DEPENDENCY
}
