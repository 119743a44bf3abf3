package dev.weir.auth.session;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One session as its row tells it; counter and key make the current refresh token. */
@SuppressWarnings("ArrayRecordComponent") // never compared, copied on the way in and out
public record Session(
    UUID id,
    UUID userId,
    boolean active,
    long counter,
    byte[] key,
    Optional<Instant> rotatedAt,
    Lifetime lifetime,
    Proof proof,
    Client client) {
  public Session {
    key = key.clone();
  }

  @Override
  public byte[] key() {
    return key.clone();
  }

  boolean isLive(Instant now) {
    return active && now.isBefore(lifetime.idleExpiresAt()) && now.isBefore(lifetime.expiresAt());
  }

  /** Returns what its tokens say of it: a second factor is worth more where a key is held, too. */
  public String acr() {
    boolean strong = proof.acr().equals(StepUp.AAL2.acr());
    return strong && client.key().isPresent() ? StepUp.AAL2_DEVICE : proof.acr();
  }

  /** Leaves the key out of logs. */
  @Override
  public String toString() {
    return "Session[" + id + "]";
  }

  /**
   * When a session was made and used, and when it ends at the latest; the absolute end never moves.
   */
  public record Lifetime(
      Instant createdAt, Instant lastUsedAt, Instant idleExpiresAt, Instant expiresAt) {}

  /** How and when the person proved who they are. */
  public record Proof(String acr, List<String> amr, Instant authenticatedAt) {
    private static final String SEVERAL = "mfa";

    public Proof {
      amr = List.copyOf(amr);
    }

    /** Adds a second factor to what was proved, which stays as it was (RFC 8176). */
    Proof with(String method, Instant now) {
      var methods = new LinkedHashSet<>(amr);
      methods.remove(SEVERAL);
      methods.add(method);
      methods.add(SEVERAL);
      return new Proof(StepUp.AAL2.acr(), List.copyOf(methods), now);
    }
  }

  /**
   * What holds the session: the digest of its device cookie and the thumbprint of its key, if it
   * has them, and how it looked at login.
   */
  public record Client(
      ClientKind kind,
      boolean persistent,
      Optional<String> deviceDigest,
      Optional<String> key,
      String userAgent,
      String address) {

    Client cut(int maxUserAgent) {
      return userAgent.length() <= maxUserAgent
          ? this
          : new Client(
              kind, persistent, deviceDigest, key, userAgent.substring(0, maxUserAgent), address);
    }
  }
}
