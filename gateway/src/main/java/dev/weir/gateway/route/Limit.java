package dev.weir.gateway.route;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A token bucket that all instances share: {@code tokens} flow in per {@code window}, at most
 * {@code burst} are held, a request takes one, or what it costs.
 *
 * @param name the name in the route file, in metrics and in RateLimit-Policy
 * @param tokens 1 to 1,000,000,000
 * @param window 1 ms to 31 days
 * @param burst capacity of the bucket, 1 to 1,000,000,000
 * @param cost of a request on this route; routes that share the bucket may differ in it
 * @param legacyFields whether clients read of it in X-RateLimit fields as well
 */
public record Limit(
    String name,
    Key key,
    long tokens,
    Duration window,
    long burst,
    OnRedisLoss onRedisLoss,
    Cost cost,
    Mode mode,
    boolean legacyFields) {

  /**
   * Whose requests share one bucket: those that are alike in every part.
   *
   * @param ipv4Prefix bits of an IPv4 address that count
   * @param ipv6Prefix bits of an IPv6 address that count
   */
  public record Key(List<KeyPart> parts, int ipv4Prefix, int ipv6Prefix) {
    /** A whole IPv4 address. */
    public static final int IPV4_PREFIX = 32;

    /** What an IPv6 client usually owns. */
    public static final int IPV6_PREFIX = 64;

    /** By client address. */
    public static final Key ADDRESS = of(KeyPart.Plain.ADDRESS);

    /** By verified subject. */
    public static final Key CALLER = of(KeyPart.Plain.CALLER);

    /** By verified token. */
    public static final Key TOKEN = of(KeyPart.Plain.TOKEN);

    /** By route. */
    public static final Key ROUTE = of(KeyPart.Plain.ROUTE);

    /** Checks the bounds and copies the list. */
    public Key {
      parts = List.copyOf(parts);
      boolean sound = ipv4Prefix > 0 && ipv4Prefix <= 32 && ipv6Prefix > 0 && ipv6Prefix <= 128;
      if (parts.isEmpty() || !sound) {
        throw new IllegalArgumentException("not a key: " + parts);
      }
    }

    /** Returns the key of these parts, with addresses cut as usual. */
    public static Key of(KeyPart... parts) {
      return new Key(List.of(parts), IPV4_PREFIX, IPV6_PREFIX);
    }

    /** Returns whether a part can be known of a verified caller only. */
    public boolean needsCaller() {
      return parts.stream().anyMatch(KeyPart::needsCaller);
    }

    /** Returns all that tells two keys apart, in a form that never changes. */
    public String text() {
      return parts.stream().map(KeyPart::text).collect(Collectors.joining("+"))
          + "/"
          + ipv4Prefix
          + "/"
          + ipv6Prefix;
    }
  }

  /** Whether the limit is meant. */
  public enum Mode {
    /** It refuses. */
    ENFORCE,
    /** It is decided and counted, refuses nobody, and no client hears of it. */
    SHADOW
  }

  /** What the limit does while Redis is away. */
  public enum OnRedisLoss {
    /** Lets every request pass, and counts it. */
    OPEN,
    /** Refuses every request with throttle-unavailable. */
    CLOSED,
    /** Keeps this instance's share of the limit in memory. */
    LOCAL
  }

  /** Checks the bounds. */
  public Limit {
    if (tokens < 1 || tokens > 1_000_000_000 || burst < 1 || burst > 1_000_000_000) {
      throw new IllegalArgumentException("tokens and burst must be 1 to 1000000000");
    }
    if (window.toMillis() < 1 || window.toDays() > 31) {
      throw new IllegalArgumentException("window must be 1 ms to 31 days: " + window);
    }
  }

  /** A limit that is meant, and of which every request takes one token. */
  public Limit(
      String name, Key key, long tokens, Duration window, long burst, OnRedisLoss onRedisLoss) {
    this(name, key, tokens, window, burst, onRedisLoss, Cost.ONE, Mode.ENFORCE, false);
  }

  /** Returns the same limit, and the same buckets, at another cost. */
  public Limit withCost(Cost other) {
    return new Limit(name, key, tokens, window, burst, onRedisLoss, other, mode, legacyFields);
  }

  /** Returns the same limit, and the same buckets, in another mode. */
  public Limit inMode(Mode other) {
    return new Limit(name, key, tokens, window, burst, onRedisLoss, cost, other, legacyFields);
  }

  /** Returns the same limit, told in X-RateLimit fields as well. */
  public Limit withLegacyFields() {
    return new Limit(name, key, tokens, window, burst, onRedisLoss, cost, mode, true);
  }

  /**
   * Returns whether the limit is large and fast enough that gateways draw tokens ahead of requests;
   * up to half of the burst is then out with one or another.
   */
  public boolean isDrawnAhead() {
    return burst >= 12 && 250 * tokens > 2 * window.toMillis();
  }
}
