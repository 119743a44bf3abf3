package dev.weir.auth.idempotency;

/**
 * What a request with an Idempotency-Key may do: answer for the first time, or get the old answer.
 */
public sealed interface Entry {
  /** The caller is the first, and must complete or drop the ticket. */
  record First(Ticket ticket) implements Entry {}

  /** The same request was answered before. */
  record Replay(Remembered answer) implements Entry {}
}
