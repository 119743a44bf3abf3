package dev.weir.gateway.route;

/**
 * Which of an upstream's endpoints a request goes to.
 *
 * @param balance how the load is spread over them
 */
public record Selection(Balance balance) {

  /** What an upstream gets that says nothing. */
  public static final Selection STANDARD = new Selection(Balance.STANDARD);
}
