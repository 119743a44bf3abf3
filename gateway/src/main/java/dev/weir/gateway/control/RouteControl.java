package dev.weir.gateway.control;

import dev.weir.gateway.pipeline.Generation;
import dev.weir.gateway.routefile.Problem;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Which generation serves, and how the last reload went.
 *
 * <p>Memory visibility: one reference to an immutable value, written by the reloader's one thread,
 * read by all event loops.
 */
public final class RouteControl implements Supplier<Generation> {
  private final AtomicReference<State> state;

  /**
   * What is known.
   *
   * @param serving the generation that new requests get
   * @param problems why the file on disk does not serve; empty where it does
   */
  record State(Generation serving, List<Problem> problems) {}

  /** Starts with the first generation. */
  public RouteControl(Generation first) {
    this.state = new AtomicReference<>(new State(first, List.of()));
  }

  @Override
  public Generation get() {
    return state.get().serving();
  }

  State state() {
    return state.get();
  }

  void swap(Generation next) {
    state.set(new State(next, List.of()));
  }

  void reject(List<Problem> problems) {
    state.set(new State(state.get().serving(), List.copyOf(problems)));
  }

  Optional<String> firstProblem() {
    return state.get().problems().stream().findFirst().map(Problem::toString);
  }
}
