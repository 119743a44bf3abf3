package dev.weir.gateway.admission;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The pressure of what a collection could not free. Before one, a heap is full of what nobody needs
 * any more, which says nothing.
 *
 * <p>A reading is worth something for a moment only: what it found may be garbage by now, and with
 * less load the next collection may be far away. So an old one slows growth and cuts nothing.
 */
final class HeapSignal implements DoubleSupplier {
  private static final double AMPLE = 0.7;
  private static final double MOST = 0.9;
  private static final double OLD_AT_MOST = 0.9;
  private static final long FRESH_NANOS = 2_000_000_000L;

  private final LongSupplier collections;
  private final DoubleSupplier keptShare;
  private final LongSupplier ticker;
  private long seen;
  private long readAt;

  HeapSignal(LongSupplier collections, DoubleSupplier keptShare, LongSupplier ticker) {
    this.collections = collections;
    this.keptShare = keptShare;
    this.ticker = ticker;
    this.seen = collections.getAsLong();
    this.readAt = ticker.getAsLong() - FRESH_NANOS;
  }

  /** Of this process. */
  static HeapSignal ofProcess() {
    List<MemoryPoolMXBean> pools =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    long most = Runtime.getRuntime().maxMemory();
    return new HeapSignal(
        HeapSignal::collections, () -> (double) kept(pools) / most, System::nanoTime);
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  private static long kept(List<MemoryPoolMXBean> pools) {
    long kept = 0;
    for (MemoryPoolMXBean pool : pools) {
      MemoryUsage usage = pool.getCollectionUsage();
      kept += usage == null ? 0 : usage.getUsed();
    }
    return kept;
  }

  @Override
  public double getAsDouble() {
    long now = ticker.getAsLong();
    long count = collections.getAsLong();
    if (count != seen) {
      seen = count;
      readAt = now;
    }
    double pressure = Pressure.ofShare(keptShare.getAsDouble(), 1, AMPLE, MOST);
    return now - readAt < FRESH_NANOS ? pressure : Math.min(OLD_AT_MOST, pressure);
  }
}
