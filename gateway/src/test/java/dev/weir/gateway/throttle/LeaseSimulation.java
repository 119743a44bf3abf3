package dev.weir.gateway.throttle;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Several instances over one {@link ModelBuckets}, in virtual time on one thread: the same seed is
 * the same run. The instances are the real ones; their clocks run at different speeds, and calls
 * take their time, come out of order, are lost on the way there or back.
 */
final class LeaseSimulation {
  static final long TIMEOUT_MILLIS = 50;

  /** How bad the network and the instances are, in per cent. */
  record Faults(int lostCalls, int lostReplies, int slowCalls, int crashes) {
    static final Faults NONE = new Faults(0, 0, 0, 0);
  }

  /** Tokens taken, or a server that lost its data with so many of them out. */
  record Debit(long atMillis, boolean flush, long tokens) {}

  private record Event(long atMillis, long order, Runnable action) {}

  /** What a request got, before it is known where its tokens came from. */
  private record Passed(List<Tier> tiers, int[] weights) {
    /** Returns what came of a tier's lease, where the server was asked for the rest. */
    long beyond(int place, List<Draw> draws) {
      long drawn =
          draws.stream()
              .filter(draw -> draw.tier().equals(tiers.get(place)))
              .mapToLong(Draw::need)
              .sum();
      return weights[place] - drawn;
    }
  }

  private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

  final Random random;
  private final Faults faults;
  private final ModelBuckets server = new ModelBuckets();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong(Event::atMillis).thenComparingLong(Event::order));
  private final Map<String, List<Debit>> debits = new HashMap<>();
  private final List<Passed> passedNow = new ArrayList<>();
  private long now = 1_000_000;
  private long order;
  long requests;
  long passed;
  long refused;
  long failed;
  long calls;
  long waited;

  LeaseSimulation(long seed, Faults faults) {
    this.random = new Random(seed);
    this.faults = faults;
  }

  long now() {
    return now;
  }

  void at(long atMillis, Runnable action) {
    events.add(new Event(atMillis, order++, action));
  }

  void runUntil(long endMillis) {
    while (!events.isEmpty() && events.peek().atMillis() <= endMillis) {
      Event event = events.remove();
      now = event.atMillis();
      event.action().run();
      settle();
    }
    now = endMillis;
  }

  /** What passed within an event, save on a token straight from the server, was spent just now. */
  private void settle() {
    for (Passed one : passedNow) {
      debit(one, List.of(), now);
    }
    passedNow.clear();
  }

  private void debit(Passed one, List<Draw> draws, long atMillis) {
    for (int i = 0; i < one.weights().length; i++) {
      debits(one.tiers().get(i)).add(new Debit(atMillis, false, one.beyond(i, draws)));
    }
  }

  List<Debit> debits(Tier tier) {
    return debits.computeIfAbsent(tier.key(), key -> new ArrayList<>());
  }

  void flush(List<Tier> tiers) {
    for (Tier tier : tiers) {
      debits(tier).add(new Debit(now, true, server.outstanding(tier.key())));
    }
    server.flush();
  }

  /**
   * Returns the least level, in shares, of the ideal bucket from which every token is taken when it
   * is used. After a loss of data the bucket is full, and what was leased is on top of that.
   */
  long leastLevel(Tier tier) {
    BucketShape shape = tier.shape();
    List<Debit> sorted = new ArrayList<>(debits(tier));
    sorted.sort(Comparator.comparingLong(Debit::atMillis));
    long level = shape.capacity();
    long least = level;
    long at = Long.MIN_VALUE;
    for (Debit debit : sorted) {
      if (at != Long.MIN_VALUE && level < shape.capacity()) {
        level = Math.min(shape.capacity(), level + (debit.atMillis() - at) * shape.refill());
      }
      at = debit.atMillis();
      level =
          debit.flush()
              ? shape.capacity() + debit.tokens() * shape.unit()
              : level - debit.tokens() * shape.unit();
      least = Math.min(least, level);
    }
    return least;
  }

  Instance instance(String name) {
    return new Instance(name, true);
  }

  /** A gateway that may not get to look after its leases. */
  Instance instance(String name, boolean sweeps) {
    return new Instance(name, sweeps);
  }

  /** One gateway. */
  final class Instance implements BucketStore {
    private final String id;
    private final double speed = 0.98 + random.nextDouble() * 0.04;
    private final long offset = random.nextInt(1_000_000);
    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
    private final StoreWatch watch = new StoreWatch(this, METERS, scheduler, random::nextLong);
    private final LeaseTraffic traffic =
        new LeaseTraffic(watch, new LeaseMeters(METERS), this::clock);
    private final LeasedBuckets buckets = new LeasedBuckets(new LeaseCells(100), traffic);
    private final LeaseSweep sweep = new LeaseSweep(traffic, scheduler);
    private boolean alive = true;

    private Instance(String name, boolean sweeps) {
      this.id = name + "-" + random.nextLong();
      if (sweeps) {
        tick();
      }
    }

    private long clock() {
      return offset + (long) (now * speed);
    }

    private void tick() {
      if (alive) {
        scheduler.advanceTimeBy(Duration.ofMillis(50));
        at(now + 50, this::tick);
      }
    }

    boolean isAlive() {
      return alive;
    }

    /** Stops without a word. */
    void crash() {
      alive = false;
      sweep.cancel();
      watch.close();
    }

    /** Returns everything, then stops. */
    void drain() {
      var _ = sweep.returnAll();
      crash();
    }

    void request(List<Tier> tiers) {
      request(tiers, tiers.stream().mapToInt(tier -> 1).toArray());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // its outcome is taken in the callback
    void request(List<Tier> tiers, int[] weights) {
      if (!alive) {
        return;
      }
      requests++;
      if (!watch.isUp()) {
        buckets
            .spendHere(tiers, weights)
            .ifPresentOrElse(
                states -> note(new Passed(tiers, weights), states, null), () -> failed++);
        return;
      }
      Optional<List<TierState>> here = buckets.decideHere(tiers, weights);
      if (here.isPresent()) {
        note(new Passed(tiers, weights), here.get(), null);
        return;
      }
      waited++;
      buckets
          .ask(tiers, weights)
          .whenComplete((states, failure) -> note(new Passed(tiers, weights), states, failure));
    }

    private void note(Passed asked, @Nullable List<TierState> states, @Nullable Throwable failure) {
      if (!alive) {
        return;
      }
      if (states == null || failure != null) {
        failed++;
      } else if (states.stream().allMatch(TierState::allowed)) {
        passed++;
        passedNow.add(asked);
      } else {
        refused++;
      }
    }

    @Override
    public CompletionStage<List<Drawn>> draw(List<Draw> draws) {
      calls++;
      CompletableFuture<List<Drawn>> answer = new CompletableFuture<>();
      long sent = now;
      at(sent + TIMEOUT_MILLIS, () -> timeOut(answer));
      if (!happens(faults.lostCalls())) {
        at(sent + trip(), () -> carryOut(draws, answer, sent));
      }
      return answer;
    }

    private long trip() {
      return happens(faults.slowCalls()) ? random.nextInt(1500) : random.nextInt(3);
    }

    private void timeOut(CompletableFuture<List<Drawn>> answer) {
      answer.completeExceptionally(new StoreFailure(StoreFailure.Kind.TIMEOUT, "no answer"));
    }

    private void carryOut(List<Draw> draws, CompletableFuture<List<Drawn>> answer, long sent) {
      List<Drawn> drawn = server.draw(id, draws, now * 1000);
      boolean agreed = true;
      for (int i = 0; i < draws.size(); i++) {
        agreed &= draws.get(i).need() == 0 || drawn.get(i).had();
      }
      if (agreed) {
        // A token given to a request that never hears of it counts as used: it is gone.
        draws.stream()
            .filter(draw -> draw.need() > 0)
            .forEach(draw -> debits(draw.tier()).add(new Debit(now, false, draw.need())));
      }
      if (!happens(faults.lostReplies())) {
        boolean given = agreed && draws.getFirst().need() > 0;
        at(now + trip(), () -> deliver(draws, drawn, answer, given, sent));
      }
    }

    private void deliver(
        List<Draw> draws,
        List<Drawn> drawn,
        CompletableFuture<List<Drawn>> answer,
        boolean given,
        long sent) {
      int before = passedNow.size();
      boolean heard = answer.complete(drawn);
      if (heard && given && alive && passedNow.size() > before) {
        // The request that drew is decided last. What it did not draw was lent to it when it sent
        // the call.
        debit(passedNow.removeLast(), draws, sent);
      }
    }

    @Override
    public CompletionStage<Void> probe() {
      return CompletableFuture.allOf();
    }
  }

  private boolean happens(int perCent) {
    return perCent > 0 && random.nextInt(100) < perCent;
  }

  boolean crashes() {
    return happens(faults.crashes());
  }
}
