package dev.weir.auth.key;

/** One step of a rotation. */
sealed interface KeyChange {
  /** Makes a new key and stores it in this state. */
  record Create(KeyUse use, KeyState state) implements KeyChange {}

  /** Moves a stored key on. */
  record Move(String kid, KeyState to) implements KeyChange {}
}
