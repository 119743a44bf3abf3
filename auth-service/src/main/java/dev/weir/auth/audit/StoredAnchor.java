package dev.weir.auth.audit;

import dev.weir.auth.database.Row;

/** The newest anchor as it is stored, by whomever. */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record StoredAnchor(Anchor anchor, byte[] hash, String key) {
  static final String SELECT =
      """
      select cut, seq, link_hash, hash, hash_key, succeeded from audit.anchors order by cut desc limit 1""";

  static StoredAnchor of(Row row) {
    var anchor =
        new Anchor(
            row.instant("cut"), row.number("seq"), row.bytes("link_hash"), row.text("succeeded"));
    return new StoredAnchor(anchor, row.bytes("hash"), row.text("hash_key"));
  }

  boolean holds(EventDigest digest) {
    return digest.matches(anchor, key, hash);
  }
}
