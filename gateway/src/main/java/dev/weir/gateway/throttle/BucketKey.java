package dev.weir.gateway.throttle;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.route.Limit;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Names the bucket of a request under one limit.
 *
 * <p>A key reads {@code weir:{tb}:4:NAME:SHAPE:WHO}. The braces put every bucket into one slot of a
 * Redis cluster, without which one script could not take from all tiers of a request at once. SHAPE
 * changes with the limit's numbers, so that an edited limit starts with full buckets rather than
 * with levels counted in other shares. The 4 is the form of the bucket: gateways that keep another
 * form in Redis keep other buckets. WHO is a truncated digest of {@link Who}: Redis holds no
 * address, subject, token or API key, and no name is longer than 120 bytes.
 *
 * <p>Per request: a small object for each part of the key and a look into {@link RecentTiers}. A
 * who that this event loop has not met of late costs one SHA-256 of some 80 bytes and three small
 * arrays; O(length of the identity), which is bounded.
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
  private final WhoReader[] parts;
  private final Network network;

  private BucketKey(String prefix, Limit.Key key) {
    this.prefix = prefix;
    this.parts = key.parts().stream().map(WhoReader::of).toArray(WhoReader[]::new);
    this.network = new Network(key.ipv4Prefix(), key.ipv6Prefix());
  }

  /** Returns the naming of a limit's buckets. */
  static BucketKey of(Limit limit) {
    String shape =
        limit.key().text()
            + "|"
            + limit.tokens()
            + "|"
            + limit.window()
            + "|"
            + limit.burst()
            + "|";
    String name = limit.name();
    String shown = name.length() <= NAME_BOUND ? name : name.substring(0, NAME_BOUND);
    MessageDigest digest = SHA_256.get();
    digest.update((shape + name).getBytes(StandardCharsets.UTF_8));
    return new BucketKey(
        "weir:{tb}:4:" + shown + ":" + shortened(digest).substring(0, 8) + ":", limit.key());
  }

  /** Returns the bucket of this request. */
  Tier tier(Exchange exchange, BucketShape shape) {
    Who who = who(exchange);
    RecentTiers recent = RecentTiers.here();
    Tier known = recent.find(prefix, who, shape);
    if (known != null) {
      return known;
    }
    MessageDigest digest = SHA_256.get();
    who.digest(digest, network);
    Tier tier = new Tier(prefix.concat(shortened(digest)), shape);
    recent.keep(prefix, who, tier);
    return tier;
  }

  private Who who(Exchange exchange) {
    int last = parts.length - 1;
    Who who = parts[last].read(exchange, null);
    for (int i = last - 1; i >= 0; i--) {
      who = parts[i].read(exchange, who);
    }
    return who;
  }

  private static String shortened(MessageDigest digest) {
    byte[] part = Arrays.copyOf(digest.digest(), DIGEST_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(part);
  }
}
