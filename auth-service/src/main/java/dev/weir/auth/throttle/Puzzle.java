package dev.weir.auth.throttle;

import java.util.Optional;
import reactor.core.publisher.Mono;

/** Work that a client shows where risk has risen: cheap for one person, dear for a list of them. */
public interface Puzzle {
  /** Asks nobody for anything. */
  Puzzle NONE = new Off();

  /** Returns a puzzle as JSON, or nothing where none are set. */
  Mono<String> make();

  /** Returns whether the answer solves a puzzle of ours that nobody has solved before. */
  Mono<Boolean> isSolved(Optional<String> answer);

  /** No puzzles are set. */
  record Off() implements Puzzle {
    @Override
    public Mono<String> make() {
      return Mono.empty();
    }

    @Override
    public Mono<Boolean> isSolved(Optional<String> answer) {
      return Mono.just(true);
    }
  }
}
