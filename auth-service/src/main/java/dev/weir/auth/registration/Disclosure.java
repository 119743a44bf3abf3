package dev.weir.auth.registration;

/** Says whether registration tells a caller that an address is taken. */
public enum Disclosure {
  REVEAL,
  CONCEAL
}
