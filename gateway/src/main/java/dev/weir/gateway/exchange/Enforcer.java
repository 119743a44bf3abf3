package dev.weir.gateway.exchange;

/**
 * What a stage does to one request. Made once per route and generation, so everything that depends
 * on the route alone is computed in the constructor; shared by all event loops, so it holds no
 * per-request state.
 */
@FunctionalInterface
public interface Enforcer {

  /**
   * Decides at once, or says what to wait for. Runs on the request's event loop and never blocks.
   */
  Verdict enforce(Exchange exchange);
}
