package dev.weir.gateway.control;

/** Refuses a start; the message is the whole line that a person reads. */
public final class PortTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PortTakenException(String name, String address, int port, String variable, Throwable cause) {
    super(
        ("the %s port %d cannot be bound on %s (taken, not allowed, or no address of this machine);"
                + " set %s or WEIR_EDGE_ADDRESS to another")
            .formatted(name, port, address, variable),
        cause);
  }
}
