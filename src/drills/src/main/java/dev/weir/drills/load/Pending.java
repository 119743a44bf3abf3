package dev.weir.drills.load;

import dev.weir.drills.timeline.Outcome;
import java.util.function.BiConsumer;

/**
 * A request on its way. Confined to the clients' event loop.
 *
 * @param dueNanos when it was to be sent, whenever it is
 * @param token of this one
 * @param end hears once what came of it
 */
record Pending(Call call, long dueNanos, String token, BiConsumer<Pending, Outcome> end) {
  void ended(Outcome outcome) {
    end.accept(this, outcome);
  }
}
