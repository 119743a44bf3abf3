package dev.weir.gateway.jwt;

import dev.weir.gateway.observe.GatewayMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live revocations, in memory.
 *
 * <p>Per request: three look-ups in hash maps, no lock, no allocation, O(1). Entries are added and
 * dropped by the feed alone, in O(log of the distinct expiry times).
 *
 * <p>At the bound (1,000,000; at 6 minutes a piece that is 2,700 logouts a second) the entry that
 * will be moot soonest makes way, as its tokens live on for the shortest time. To refuse everyone
 * instead would let an attacker who can log out often take the edge down. It is counted, and logged
 * once until there is room again.
 */
public final class RevocationSet implements Revocations {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationSet.class);
  private static final int BOUND = 1_000_000;

  /** A revocation's name within its kind. */
  private record Entry(Revocation.Kind kind, String id) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byKind = kind.compareTo(other.kind);
      return byKind != 0 ? byKind : id.compareTo(other.id);
    }
  }

  // Read by every event loop. Written under the monitor below, which no reader takes: a reader sees
  // a revocation from the moment that put returns.
  private final Map<String, Long> sessions = new ConcurrentHashMap<>();
  private final Map<String, Long> tokens = new ConcurrentHashMap<>();
  private final Map<String, Revocation> epochs = new ConcurrentHashMap<>();

  // Guarded by this; the order in which entries become moot.
  private final TreeMap<Long, TreeSet<Entry>> byMoot = new TreeMap<>();
  private int held;
  private boolean full;

  private final int bound;
  private final InstantSource clock;
  private final Counter dropped;

  /** Holds nothing yet. */
  public RevocationSet(InstantSource clock, MeterRegistry meters) {
    this(clock, meters, BOUND);
  }

  RevocationSet(InstantSource clock, MeterRegistry meters, int bound) {
    this.clock = clock;
    this.bound = bound;
    this.dropped = meters.counter(GatewayMetrics.REVOCATIONS_DROPPED);
    Gauge.builder(GatewayMetrics.REVOCATIONS_HELD, this, RevocationSet::held).register(meters);
  }

  @Override
  public boolean isRevoked(String session, String tokenId, String subject, long epoch) {
    if (sessions.containsKey(session) || tokens.containsKey(tokenId)) {
      return true;
    }
    Revocation least = epochs.get(subject);
    return least != null && epoch < least.leastEpoch();
  }

  /** Adds a revocation; the later end and the higher epoch win over what is held already. */
  public synchronized void add(Revocation revocation) {
    if (revocation.mootSeconds() <= nowSeconds()) {
      return;
    }
    Entry entry = new Entry(revocation.kind(), revocation.id());
    long before = mootOf(entry);
    long moot = Math.max(before, revocation.mootSeconds());
    if (before >= 0 && before != moot) {
      unlist(entry, before);
    }
    if (before != moot) {
      byMoot.computeIfAbsent(moot, when -> new TreeSet<>()).add(entry);
      held++;
    }
    put(revocation, moot);
    makeRoom();
  }

  /** Drops what is moot. */
  public synchronized void sweep() {
    long now = nowSeconds();
    while (!byMoot.isEmpty() && byMoot.firstKey() <= now) {
      dropFirst();
    }
    if (full && held < bound) {
      full = false;
    }
  }

  /** Returns how many are held. */
  public synchronized int held() {
    return held;
  }

  private void put(Revocation revocation, long moot) {
    switch (revocation.kind()) {
      case SESSION -> sessions.put(revocation.id(), moot);
      case TOKEN -> tokens.put(revocation.id(), moot);
      case EPOCH ->
          epochs.merge(
              revocation.id(),
              revocation,
              (held, added) ->
                  new Revocation(
                      Revocation.Kind.EPOCH,
                      added.id(),
                      Math.max(held.leastEpoch(), added.leastEpoch()),
                      moot));
    }
  }

  private long mootOf(Entry entry) {
    return switch (entry.kind()) {
      case SESSION -> sessions.getOrDefault(entry.id(), -1L);
      case TOKEN -> tokens.getOrDefault(entry.id(), -1L);
      case EPOCH -> {
        Revocation found = epochs.get(entry.id());
        yield found == null ? -1L : found.mootSeconds();
      }
    };
  }

  private void unlist(Entry entry, long moot) {
    TreeSet<Entry> together = byMoot.get(moot);
    if (together != null && together.remove(entry)) {
      held--;
      if (together.isEmpty()) {
        byMoot.remove(moot);
      }
    }
  }

  private void makeRoom() {
    while (held > bound) {
      dropFirst();
      dropped.increment();
      if (!full) {
        full = true;
        LOG.atError().addKeyValue("bound", bound).log("too many revocations, oldest are dropped");
      }
    }
  }

  private void dropFirst() {
    Entry entry = byMoot.firstEntry().getValue().first();
    unlist(entry, byMoot.firstKey());
    switch (entry.kind()) {
      case SESSION -> sessions.remove(entry.id());
      case TOKEN -> tokens.remove(entry.id());
      case EPOCH -> epochs.remove(entry.id());
    }
  }

  private long nowSeconds() {
    return clock.instant().getEpochSecond();
  }
}
