package dev.weir.auth.outbox;

/** One side effect that is due; its payload is opened, so it never prints. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Message(long id, Topic topic, byte[] payload, int attempts) {
  @Override
  public String toString() {
    return "Message[" + id + ", " + topic + ", attempts " + attempts + "]";
  }
}
