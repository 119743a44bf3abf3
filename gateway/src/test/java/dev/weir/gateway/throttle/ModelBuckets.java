package dev.weir.gateway.throttle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What draw.lua does, in Java, with the time as a parameter, in microseconds as there: fast enough
 * for thousands of schedules. DrawScriptIT compares it with the script on a real server, call by
 * call.
 */
public final class ModelBuckets {
  private static final int LESSEES = 100;

  private final Map<String, Bucket> buckets = new HashMap<>();

  private record Lease(long tokens, long report, long expiry) {}

  /** The state of one key; the map's keys name lessees. */
  private record Bucket(long credit, long stamp, Map<String, Lease> leases) {
    long outstanding() {
      return leases.values().stream().mapToLong(Lease::tokens).sum();
    }

    Bucket copy() {
      return new Bucket(credit, stamp, new HashMap<>(leases));
    }
  }

  /** A share is a thousandth of one of the shape's, so that a microsecond brings whole ones. */
  private static BucketShape shape(Draw draw) {
    BucketShape given = draw.tier().shape();
    return new BucketShape(given.unit() * 1000, given.refill(), given.capacity() * 1000);
  }

  /** Forgets everything, as a server does that starts again. */
  public void flush() {
    buckets.clear();
  }

  /** Returns what all lessees of a key may still spend, as the server believes. */
  public long outstanding(String key) {
    return buckets.containsKey(key) ? buckets.get(key).outstanding() : 0;
  }

  /** Carries out one call. */
  public List<Drawn> draw(String instance, List<Draw> draws, long nowMicros) {
    List<Bucket> found = new ArrayList<>();
    boolean granted = true;
    for (Draw draw : draws) {
      BucketShape shape = shape(draw);
      Bucket full = new Bucket(shape.capacity(), nowMicros, new HashMap<>());
      Bucket bucket =
          refilled(buckets.getOrDefault(draw.tier().key(), full).copy(), shape, nowMicros);
      found.add(bucket);
      granted &= had(draw, bucket);
    }
    List<Drawn> drawn = new ArrayList<>();
    for (int i = 0; i < draws.size(); i++) {
      drawn.add(answer(instance, draws.get(i), found.get(i), granted));
    }
    return drawn;
  }

  private static boolean had(Draw draw, Bucket bucket) {
    return draw.need() == 0 || bucket.credit() >= draw.need() * shape(draw).unit();
  }

  private Drawn answer(String instance, Draw draw, Bucket before, boolean granted) {
    BucketShape shape = shape(draw);
    Bucket after = before;
    long leased = 0;
    if (granted) {
      long left = before.credit() - draw.need() * shape.unit();
      Bucket paid = new Bucket(left, before.stamp(), before.leases());
      if (isNews(instance, draw, before)) {
        after = leased(instance, draw, paid);
        Lease mine = after.leases().get(name(instance, draw));
        leased = mine == null ? 0 : mine.tokens() - draw.report().held();
      } else {
        after = spent(draw, paid, shape);
      }
      buckets.put(draw.tier().key(), after);
    }
    long missing = shape.unit() - Math.floorMod(after.credit(), shape.unit());
    long perMilli = shape.refill() * 1000;
    return new Drawn(
        had(draw, before),
        leased,
        Math.floorDiv(after.credit(), shape.unit()),
        (missing + perMilli - 1) / perMilli);
  }

  private static Bucket spent(Draw draw, Bucket paid, BucketShape shape) {
    long spent = draw.report().number() == 0 ? draw.report().held() : 0;
    return spent == 0
        ? paid
        : new Bucket(
            Math.max(-shape.capacity(), paid.credit() - spent * shape.unit()),
            paid.stamp(),
            paid.leases());
  }

  private static String name(String instance, Draw draw) {
    return instance + ":" + draw.report().lessee();
  }

  private static boolean isNews(String instance, Draw draw, Bucket bucket) {
    Lease mine = bucket.leases().get(name(instance, draw));
    return draw.report().number() > 0 && (mine == null || mine.report() < draw.report().number());
  }

  private static Bucket refilled(Bucket bucket, BucketShape shape, long nowMicros) {
    long today = Math.max(nowMicros, bucket.stamp());
    List<Map.Entry<String, Lease>> gone =
        bucket.leases().entrySet().stream()
            .filter(lease -> lease.getValue().expiry() <= today)
            .sorted(Comparator.comparingLong(lease -> lease.getValue().expiry()))
            .toList();
    Bucket current = bucket;
    for (Map.Entry<String, Lease> lease : gone) {
      current = flowed(current, shape, lease.getValue().expiry());
      current.leases().remove(lease.getKey());
    }
    return flowed(current, shape, today);
  }

  private static Bucket flowed(Bucket bucket, BucketShape shape, long till) {
    if (till <= bucket.stamp()) {
      return bucket;
    }
    long free =
        Math.max(0, shape.capacity() - bucket.credit() - bucket.outstanding() * shape.unit());
    long inflow = Math.min(free, (till - bucket.stamp()) * shape.refill());
    return new Bucket(bucket.credit() + inflow, till, bucket.leases());
  }

  private static Bucket leased(String instance, Draw draw, Bucket bucket) {
    Draw.Report report = draw.report();
    String name = name(instance, draw);
    Lease mine = bucket.leases().get(name);
    BucketShape shape = shape(draw);
    long known = mine == null ? 0 : mine.tokens();
    long credit =
        report.held() > known
            ? Math.max(
                Math.min(0, bucket.credit()),
                bucket.credit() - (report.held() - known) * shape.unit())
            : Math.min(
                shape.capacity(),
                bucket.credit()
                    + Math.min(report.returned(), known - report.held()) * shape.unit());
    bucket.leases().remove(name);
    long room =
        bucket.leases().size() >= LESSEES && mine == null
            ? 0
            : shape.capacity() / 2 / shape.unit() - bucket.outstanding() - report.held();
    long more =
        Math.max(0, Math.min(report.want(), Math.min(room, Math.floorDiv(credit, shape.unit()))));
    if (report.held() + more > 0) {
      bucket
          .leases()
          .put(
              name,
              new Lease(
                  report.held() + more,
                  report.number(),
                  bucket.stamp() + BucketStore.LEASE.toMillis() * 1000));
    }
    return new Bucket(credit - more * shape.unit(), bucket.stamp(), bucket.leases());
  }
}
