package dev.weir.gateway.throttle;

import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Route;
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
 * with levels counted in other shares. The 2 is the form of the bucket: gateways that keep another
 * form in Redis keep other buckets. WHO is a truncated digest: Redis holds no address, subject or
 * token, and no key is longer than 120 bytes.
 *
 * <p>Per request: one SHA-256 of some 40 bytes and three small arrays; O(length of the identity).
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
    String mark = digest(shape + name).substring(0, 8);
    return new BucketKey("weir:{tb}:3:" + shown + ":" + mark + ":", limit.key());
  }

  /** Returns the bucket's name for this request. */
  String name(Exchange exchange) {
    return prefix.concat(who(exchange, exchange.caller()));
  }

  private String who(Exchange exchange, Caller caller) {
    return switch (kind) {
      case ADDRESS -> address(exchange);
      case CALLER -> caller.isVerified() ? digest(caller.subject()) : address(exchange);
      case TOKEN -> caller.isVerified() ? digest(caller.tokenKey()) : address(exchange);
      case ROUTE -> digest(route(exchange.route()));
    };
  }

  private static String route(Route route) {
    return route.id();
  }

  private static String address(Exchange exchange) {
    return digest(network(exchange.head().clientAddress()));
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

  private static String digest(String value) {
    return digest(value.getBytes(StandardCharsets.UTF_8));
  }

  private static String digest(byte[] value) {
    byte[] whole = SHA_256.get().digest(value);
    byte[] part = Arrays.copyOf(whole, DIGEST_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(part);
  }
}
