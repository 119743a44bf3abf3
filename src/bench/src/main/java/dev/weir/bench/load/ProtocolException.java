package dev.weir.bench.load;

import java.io.Serial;

/** The peer said something that its protocol, or this small client, does not allow. */
final class ProtocolException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  ProtocolException(String message) {
    super(message);
  }
}
