package dev.weir.gateway.throttle;

import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.throttle.RecentTiers.As;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Names the bucket of a request under one limit.
 *
 * <p>A key reads {@code weir:{tb}:3:NAME:SHAPE:WHO}. The braces put every bucket into one slot of a
 * Redis cluster, without which one script could not take from all tiers of a request at once. SHAPE
 * changes with the limit's numbers, so that an edited limit starts with full buckets rather than
 * with levels counted in other shares. The 3 is the form of the bucket: gateways that keep another
 * form in Redis keep other buckets. WHO is a truncated digest: Redis holds no address, subject or
 * token, and no key is longer than 120 bytes.
 *
 * <p>Per request: a look into {@link RecentTiers}. A who that this event loop has not met of late
 * costs one SHA-256 of some 40 bytes and three small arrays; O(length of the identity).
 */
final class BucketKey {
  private static final int NAME_BOUND = 64;
  private static final int DIGEST_BYTES = 16;
  private static final FastThreadLocal<MessageDigest> SHA_256 =
      new FastThreadLocal<>() {
        @Override
        protected MessageDigest initialValue() throws NoSuchAlgorithmException {
          return MessageDigest.getInstance("SHA-256");
        }
      };

  private final String prefix;
  private final Limit.Key kind;

  private BucketKey(String prefix, Limit.Key kind) {
    this.prefix = prefix;
    this.kind = kind;
  }

  /** Returns the naming of a limit's buckets. */
  static BucketKey of(Limit limit) {
    String shape =
        limit.key() + "|" + limit.tokens() + "|" + limit.window() + "|" + limit.burst() + "|";
    String name = limit.name();
    String shown = name.length() <= NAME_BOUND ? name : name.substring(0, NAME_BOUND);
    String mark = digest((shape + name).getBytes(StandardCharsets.UTF_8)).substring(0, 8);
    return new BucketKey("weir:{tb}:3:" + shown + ":" + mark + ":", limit.key());
  }

  /** Returns the bucket of this request. */
  Tier tier(Exchange exchange, BucketShape shape) {
    Caller caller = exchange.caller();
    return switch (kind) {
      case ADDRESS -> byAddress(exchange, shape);
      case CALLER ->
          caller.isVerified() ? tier(caller.subject(), As.NAME, shape) : byAddress(exchange, shape);
      case TOKEN ->
          caller.isVerified()
              ? tier(caller.tokenKey(), As.NAME, shape)
              : byAddress(exchange, shape);
      case ROUTE -> tier(exchange.route().id(), As.NAME, shape);
    };
  }

  private Tier byAddress(Exchange exchange, BucketShape shape) {
    return tier(exchange.head().clientAddress(), As.ADDRESS, shape);
  }

  private Tier tier(String who, As as, BucketShape shape) {
    RecentTiers recent = RecentTiers.here();
    Tier known = recent.find(prefix, who, as, shape);
    if (known != null) {
      return known;
    }
    byte[] identity = as == As.ADDRESS ? network(who) : who.getBytes(StandardCharsets.UTF_8);
    Tier tier = new Tier(prefix.concat(digest(identity)), shape);
    recent.keep(prefix, who, as, tier);
    return tier;
  }

  /** An IPv6 client owns its whole /64; an IPv4 address written as IPv6 is the IPv4 address. */
  static byte[] network(String address) {
    byte[] parsed = NetUtil.createByteArrayFromIpAddressString(address);
    if (parsed == null) {
      return address.getBytes(StandardCharsets.UTF_8);
    }
    if (parsed.length == 4) {
      return parsed;
    }
    byte[] network = new byte[9];
    if (isMappedIpv4(parsed)) {
      return Arrays.copyOfRange(parsed, 12, 16);
    }
    System.arraycopy(parsed, 0, network, 0, 8);
    return network;
  }

  private static boolean isMappedIpv4(byte[] address) {
    for (int i = 0; i < 10; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return address[10] == -1 && address[11] == -1;
  }

  private static String digest(byte[] value) {
    byte[] whole = SHA_256.get().digest(value);
    byte[] part = Arrays.copyOf(whole, DIGEST_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(part);
  }
}
