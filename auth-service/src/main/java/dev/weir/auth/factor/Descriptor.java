package dev.weir.auth.factor;

import java.util.List;

/** How a browser finds a passkey again: its credential id, and what it is to be reached by. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Descriptor(byte[] credentialId, List<String> transports) {

  /** Copies the transports. */
  public Descriptor {
    transports = List.copyOf(transports);
  }
}
