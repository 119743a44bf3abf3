package dev.weir.drills.load;

import dev.weir.drills.timeline.Outcome;
import java.util.function.BiConsumer;

/**
 * A request on its way. Confined to the clients' event loop.
 *
 * @param dueNanos when it was to be sent, whenever it is
 * @param asked what this one carries
 * @param end hears once what came of it
 */
record Pending(Call call, long dueNanos, Asked asked, BiConsumer<Pending, Outcome> end) {
  void ended(Outcome outcome) {
    ended(outcome, "");
  }

  void ended(Outcome outcome, String body) {
    end.accept(this, outcome);
    asked.ear().hear(outcome, body);
  }
}
