package dev.weir.auth.factor;

import java.util.UUID;

/**
 * One passkey as its row tells it.
 *
 * @param credential AAGUID, credential id and public key, as the authenticator wrote them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StoredPasskey(
    UUID id,
    UUID userId,
    byte[] credential,
    long signCount,
    boolean backupEligible,
    boolean backedUp) {}
