package dev.weir.auth.factor;

import java.util.List;

/** A passkey that an authenticator has just made, and that held every check. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record NewPasskey(
    byte[] credentialId,
    byte[] credential,
    long signCount,
    boolean backupEligible,
    boolean backedUp,
    List<String> transports) {

  /** Copies the transports. */
  public NewPasskey {
    transports = List.copyOf(transports);
  }
}
