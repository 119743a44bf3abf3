package dev.weir.auth.audit;

import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * Digests events and links under a key that the database does not have in the open: whoever may
 * write to the tables, be it their owner, still cannot make what verifies.
 */
final class EventDigest {
  /** What the first link follows. */
  static final byte[] START = new byte[32];

  private final Keys keys;

  EventDigest(Keys keys) {
    this.keys = keys;
  }

  Keys.Tag of(Content content) {
    return keys.tag(KeyUse.AUDIT, parts(content));
  }

  /**
   * Tells whether this digest was made of the content when it says; one under a key that is
   * unknown, or had retired by then, was not.
   */
  boolean matches(Content content, String kid, byte[] hash) {
    return !keys.hadRetired(kid, content.at())
        && keys.matches(KeyUse.AUDIT, kid, hash, parts(content));
  }

  Keys.Tag of(Link link) {
    return keys.tag(KeyUse.AUDIT, parts(link));
  }

  /** Tells the same of a link, which is made after its event. */
  boolean matches(Link link, String kid, byte[] hash) {
    return !keys.hadRetired(kid, link.eventAt())
        && keys.matches(KeyUse.AUDIT, kid, hash, parts(link));
  }

  Keys.Tag of(Anchor anchor) {
    return keys.tag(KeyUse.AUDIT, parts(anchor));
  }

  /** Tells the same of an anchor, which is made after its cut. */
  boolean matches(Anchor anchor, String kid, byte[] hash) {
    return !keys.hadRetired(kid, anchor.cut())
        && keys.matches(KeyUse.AUDIT, kid, hash, parts(anchor));
  }

  /** One that names no keys is digested as it was before anchors did. */
  private static byte[][] parts(Anchor anchor) {
    var parts =
        new byte[][] {
          bytes("anchor"),
          bytes(anchor.cut().toString()),
          bytes(Long.toString(anchor.seq())),
          anchor.link(),
          bytes(anchor.succeeded())
        };
    return anchor.succeeded().isEmpty() ? Arrays.copyOf(parts, parts.length - 1) : parts;
  }

  private static byte[][] parts(Content content) {
    return new byte[][] {
      bytes("event"),
      bytes(content.at().truncatedTo(ChronoUnit.MICROS).toString()),
      bytes(content.action()),
      bytes(content.subject().map(UUID::toString).orElse("")),
      bytes(content.session().map(UUID::toString).orElse("")),
      // Its bytes and not its text: Postgres writes IPv6 in another way than Java.
      InetAddress.ofLiteral(content.address()).getAddress(),
      bytes(content.traceId())
    };
  }

  private static byte[][] parts(Link link) {
    return new byte[][] {
      bytes("link"),
      bytes(Long.toString(link.seq())),
      bytes(Long.toString(link.eventId())),
      bytes(link.eventAt().toString()),
      link.eventHash(),
      link.previous()
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What an event says. */
  record Content(
      Instant at,
      String action,
      Optional<UUID> subject,
      Optional<UUID> session,
      String address,
      String traceId) {}

  /** An event's place in the chain. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Link(long seq, long eventId, Instant eventAt, byte[] eventHash, byte[] previous) {}
}
