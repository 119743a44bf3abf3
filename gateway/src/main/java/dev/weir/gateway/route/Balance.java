package dev.weir.gateway.route;

/** How requests are spread over the endpoints of an upstream. */
public sealed interface Balance {

  /** What an upstream gets that says nothing. */
  Balance STANDARD = new LeastRequests();

  /** One after the other. */
  record RoundRobin() implements Balance {}

  /** Of two endpoints at random the one with fewer requests under way. */
  record LeastRequests() implements Balance {}

  /**
   * Equal keys go to the same endpoint while it is well and not much busier than the others; a
   * request without the key is spread by {@link LeastRequests}.
   */
  record Hash(HashKey key) implements Balance {}

  /** What of a request is hashed. */
  sealed interface HashKey {

    /** The first value of a field. */
    record Header(String name) implements HashKey {}

    /** The value of a cookie. */
    record Cookie(String name) implements HashKey {}

    /** The client address, taken through trusted proxies. */
    record Address() implements HashKey {}

    /** The verified caller's subject. */
    record Caller() implements HashKey {}

    /** The path, without the query. */
    record Path() implements HashKey {}
  }
}
