package dev.weir.gateway.admission;

import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * How much weighs on this process: the greatest of its signals, which is the one that binds.
 *
 * <p><b>Memory visibility.</b> {@code seen} is replaced as a whole by the one thread that reads the
 * signals; whoever looks sees those of some moment of the last window.
 */
public final class Pressure {
  private static final Signal[] SIGNALS = Signal.values();

  private final DoubleSupplier[] sources;
  private volatile double[] seen = new double[SIGNALS.length];

  /** Reads these, in the order of {@link Signal}. */
  public Pressure(DoubleSupplier... sources) {
    if (sources.length != SIGNALS.length) {
      throw new IllegalArgumentException("one source for each signal, not " + sources.length);
    }
    this.sources = sources.clone();
  }

  /** Reads all signals and returns the greatest; called by one thread only. */
  double read() {
    seen = Arrays.stream(sources).mapToDouble(DoubleSupplier::getAsDouble).toArray();
    return greatest();
  }

  /** Returns the greatest at the last reading. */
  public double greatest() {
    return of(binding());
  }

  /** Returns a signal's at the last reading. */
  public double of(Signal signal) {
    return seen[signal.ordinal()];
  }

  /** Returns the signal that was greatest at the last reading. */
  public Signal binding() {
    double[] now = seen;
    Signal greatest = SIGNALS[0];
    for (Signal signal : SIGNALS) {
      greatest = now[signal.ordinal()] > now[greatest.ordinal()] ? signal : greatest;
    }
    return greatest;
  }

  /**
   * Returns the pressure of a store that is so full: none up to the first share, 1 at the second,
   * and in between as much as there is.
   */
  public static double ofShare(double used, double all, double ample, double most) {
    return all <= 0 ? 0 : Math.max(0, (used / all - ample) / (most - ample));
  }
}
