package dev.weir.auth.factor;

import dev.weir.auth.database.Database;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.OpaqueCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * Challenges for authenticators: 32 bytes, of which 16 are random, 4 say when it ends and 12 prove
 * that it is ours and what it is for. Asking for one stores nothing, so nobody can fill a table;
 * that one was answered is stored, so that it is answered once.
 */
public final class PasskeyChallenges {
  /** How long an authenticator may take. */
  public static final Duration LIFE = Duration.ofMinutes(5);

  private static final int RANDOM_BYTES = 16;
  private static final int MAC_BYTES = 12;
  private static final int BYTES = RANDOM_BYTES + Integer.BYTES + MAC_BYTES;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Database database;
  private final Keys keys;
  private final InstantSource clock;

  public PasskeyChallenges(Database database, Keys keys, InstantSource clock) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Makes a challenge.
   *
   * @param purpose what it is for, and whom, if that is known already
   */
  public byte[] make(String purpose) {
    var random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    var ends = clock.instant().plus(LIFE).getEpochSecond();
    var head = ByteBuffer.allocate(RANDOM_BYTES + Integer.BYTES).put(random).putInt((int) ends);
    return ByteBuffer.allocate(BYTES).put(head.array()).put(mac(head.array(), purpose)).array();
  }

  /** Returns whether the challenge was made here, for this purpose, and not too long ago. */
  public boolean isOurs(byte[] challenge, String purpose) {
    if (challenge.length != BYTES) {
      return false;
    }
    var head = Arrays.copyOf(challenge, BYTES - MAC_BYTES);
    var mac = Arrays.copyOfRange(challenge, BYTES - MAC_BYTES, BYTES);
    return macs(head, purpose).anyMatch(made -> MessageDigest.isEqual(mac, made))
        && ends(head).isAfter(clock.instant());
  }

  /** Uses a challenge up in the caller's transaction; of two uses, one reports 0. */
  public Mono<Long> use(byte[] challenge) {
    return database
        .sql(
            """
            insert into auth.passkey_challenges (digest, expires_at) values (:digest, :ends)
            on conflict do nothing""")
        .bind("digest", OpaqueCode.digest(Base64.getEncoder().encodeToString(challenge)))
        .bind("ends", ends(challenge))
        .fetch()
        .rowsUpdated();
  }

  /** Deletes what expired before then. */
  public static Mono<Long> purge(Database database, Instant before) {
    return database.run(
        database
            .sql("delete from auth.passkey_challenges where expires_at < :before")
            .bind("before", before)
            .fetch()
            .rowsUpdated());
  }

  /** Unsigned, so that it holds until 2106. */
  private static Instant ends(byte[] challenge) {
    return Instant.ofEpochSecond(
        Integer.toUnsignedLong(ByteBuffer.wrap(challenge).getInt(RANDOM_BYTES)));
  }

  private byte[] mac(byte[] head, String purpose) {
    return Arrays.copyOf(keys.tag(KeyUse.BLIND_INDEX, parts(head, purpose)).bytes(), MAC_BYTES);
  }

  /** What another instance may have made: it may know the key that comes, or not yet. */
  private Stream<byte[]> macs(byte[] head, String purpose) {
    return keys.tags(KeyUse.BLIND_INDEX, parts(head, purpose)).stream()
        .map(tag -> Arrays.copyOf(tag.bytes(), MAC_BYTES));
  }

  private static byte[][] parts(byte[] head, String purpose) {
    return new byte[][] {
      "passkey-challenge".getBytes(StandardCharsets.US_ASCII),
      purpose.getBytes(StandardCharsets.UTF_8),
      head
    };
  }
}
