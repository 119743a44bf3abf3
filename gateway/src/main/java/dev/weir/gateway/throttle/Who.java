package dev.weir.gateway.throttle;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Who a request is to a limit: a text for each part of the key, and how it is read.
 *
 * <p>How it is read belongs to the identity. A client writes what it likes into a field, so a value
 * that looks like somebody's subject or address must not be that one's bucket; and no text of one
 * part may run over into the next.
 *
 * @param next of the next part of the key; null at the last
 */
record Who(As as, String text, @Nullable Who next) {

  /** How a text is read. The numbers stand in digests that gateways share: they never change. */
  enum As {
    ADDRESS(1),
    CALLER(2),
    TOKEN(3),
    ROUTE(4),
    HEADER(5),
    CLAIM(6),
    ISSUER(7);

    private final byte tag;

    As(int tag) {
      this.tag = (byte) tag;
    }
  }

  /** Like equals, without what that costs in a record. */
  boolean is(Who other) {
    Who mine = this;
    Who theirs = other;
    while (mine != null && theirs != null) {
      if (mine.as != theirs.as || !mine.text.equals(theirs.text)) {
        return false;
      }
      mine = mine.next;
      theirs = theirs.next;
    }
    return mine == null && theirs == null;
  }

  int hash() {
    int hash = 0;
    for (Who part = this; part != null; part = part.next) {
      hash = 31 * hash + part.text.hashCode() + part.as.tag;
    }
    return hash;
  }

  /** Returns the characters of all parts. */
  int length() {
    int length = 0;
    for (Who part = this; part != null; part = part.next) {
      length += part.text.length();
    }
    return length;
  }

  /** Feeds the digest with tag, length and bytes of each part, so that none can be another. */
  void digest(MessageDigest digest, Network network) {
    for (Who part = this; part != null; part = part.next) {
      byte[] bytes = part.as == As.ADDRESS ? network.of(part.text) : wide(part.text);
      digest.update(part.as.tag);
      digest.update((byte) (bytes.length >> 8));
      digest.update((byte) bytes.length);
      digest.update(bytes);
    }
  }

  /** Two bytes a character: an encoding would write all that is malformed alike. */
  private static byte[] wide(String text) {
    byte[] bytes = new byte[2 * text.length()];
    for (int i = 0; i < text.length(); i++) {
      bytes[2 * i] = (byte) (text.charAt(i) >> 8);
      bytes[2 * i + 1] = (byte) text.charAt(i);
    }
    return bytes;
  }
}
