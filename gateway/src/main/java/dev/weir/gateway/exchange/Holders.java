package dev.weir.gateway.exchange;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How many places of a house that is nearly full each of its guests holds, so that one who holds
 * many can be told from one who holds none; in memory that does not grow with the guests.
 *
 * <p>A count-min sketch: a guest is counted in one cell of each of two rows, and holds what the
 * lesser of them says. So nobody is taken for one who holds less, and for one who holds more only
 * who shares both cells, which is one in {@value #CELLS} squared for each guest with much. Each
 * event loop counts in rows of its own; a question reads those of all, O(loops).
 */
public final class Holders {
  private static final int CELLS = 256;
  private static final int ROW = 2 * CELLS;

  /** Nobody outside can find out whose cells are the same. */
  private static final int SALT = ThreadLocalRandom.current().nextInt();

  /** Made once somebody is counted: most houses are never full. */
  private final AtomicReference<@Nullable AtomicIntegerArray> made = new AtomicReference<>();

  private final int share;

  /** Counts guests each of whom may have so many times of what is left. */
  public Holders(int share) {
    this.share = share;
  }

  /**
   * Returns whether who holds so many may have one more. The fuller the house, the less anybody
   * may: with a share of three one alone may fill three quarters, two may have three sevenths each,
   * and whoever has none finds a place until the last is taken.
   */
  public boolean mayHaveMore(int guest, int free) {
    return of(guest) < Math.max(1, share * free);
  }

  /** Returns how many places a guest holds, or more. */
  public int of(int guest) {
    AtomicIntegerArray cells = made.get();
    if (cells == null) {
      return 0;
    }
    int first = first(guest);
    int second = second(guest);
    int inFirst = 0;
    int inSecond = 0;
    for (int line = 0; line < cells.length(); line += ROW) {
      inFirst += cells.get(line + first);
      inSecond += cells.get(line + second);
    }
    return Math.min(inFirst, inSecond);
  }

  /** Counts a place that the guest has from now on, or has no longer. */
  public void add(int guest, int step) {
    AtomicIntegerArray cells = cells();
    int line = LoopCounts.own() * ROW;
    cells.getAndAdd(line + first(guest), step);
    cells.getAndAdd(line + second(guest), step);
  }

  private AtomicIntegerArray cells() {
    AtomicIntegerArray cells = made.get();
    if (cells == null) {
      cells = new AtomicIntegerArray(LoopCounts.size() * ROW);
      AtomicIntegerArray others = made.compareAndExchange(null, cells);
      cells = others == null ? cells : others;
    }
    return cells;
  }

  private static int first(int guest) {
    return guest & (CELLS - 1);
  }

  private static int second(int guest) {
    return CELLS + ((guest >>> 16) & (CELLS - 1));
  }

  /** Returns who asks: the verified caller, or else the network of the address. */
  public static int guest(Exchange exchange, int priority) {
    Caller caller = exchange.caller();
    int hash =
        caller.isVerified()
            ? 31 * caller.subject().hashCode() + caller.issuer().hashCode()
            : network(exchange.head().clientAddress());
    return mix(31 * hash + priority);
  }

  /** Returns a guest of this name. */
  public static int guest(String name) {
    return mix(name.hashCode());
  }

  /** Returns what one guest has with another. */
  public static int both(int one, int other) {
    return mix(31 * one + other);
  }

  /** Of an IPv6 address the first four groups: who has one has all that begin like it. */
  static int network(String address) {
    int hash = 0;
    int groups = 0;
    char before = 0;
    for (int i = 0; i < address.length(); i++) {
      char c = address.charAt(i);
      if (c == ':' && (before == ':' || ++groups == 4)) {
        break;
      }
      hash = 31 * hash + c;
      before = c;
    }
    return hash;
  }

  /** The finaliser of MurmurHash3: each bit of the hash moves half of the bits. */
  private static int mix(int hash) {
    int h = hash ^ SALT;
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    h = (h ^ (h >>> 13)) * 0xc2b2ae35;
    return h ^ (h >>> 16);
  }
}
