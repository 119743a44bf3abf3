package dev.weir.auth.audit;

/** How far a chain was followed: to this link with this digest, and which keys it has seen. */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record ChainProgress(long seq, byte[] hash, KeySuccession keys) {
  static ChainProgress from(Anchor anchor) {
    var keys = new KeySuccession("", SucceededKeys.parse(anchor.succeeded()).since());
    return new ChainProgress(anchor.seq(), anchor.link(), keys);
  }

  ChainProgress and(StoredLink stored) {
    var link = stored.link();
    return new ChainProgress(link.seq(), stored.hash(), keys.and(stored.key(), link.eventAt()));
  }
}
