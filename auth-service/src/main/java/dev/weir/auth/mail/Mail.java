package dev.weir.auth.mail;

import java.nio.charset.StandardCharsets;

/** One mail in plain text. */
public record Mail(String to, String subject, String text) {
  /** Packs the mail for the outbox; neither address nor subject can hold a line feed. */
  public byte[] pack() {
    return (to + "\n" + subject + "\n" + text).getBytes(StandardCharsets.UTF_8);
  }

  static Mail unpack(byte[] packed) {
    var parts = new String(packed, StandardCharsets.UTF_8).split("\n", 3);
    return new Mail(parts[0], parts[1], parts[2]);
  }

  @Override
  public String toString() {
    return "Mail[" + subject + "]";
  }
}
