package dev.weir.gateway.exchange;

/**
 * How and when a caller proved who they are, as their token tells it.
 *
 * @param acr the {@code acr} claim; empty where there is none
 * @param authenticatedSeconds the {@code auth_time} claim; -1 where there is none, which is older
 *     than any age that a route allows
 */
public record Assurance(String acr, long authenticatedSeconds) {

  /** Says nothing, and so meets nothing that asks. */
  public static final Assurance NONE = new Assurance("", -1);
}
