package dev.weir.gateway.control;

import dev.weir.gateway.pipeline.Generation;
import dev.weir.gateway.route.RouteTable;
import dev.weir.gateway.routefile.Problem;
import java.util.List;

/** Turns a table into lines, and lets go of what only older generations needed. */
public interface GenerationFactory {

  /** What came of it. */
  sealed interface Outcome {
    /** Ready to serve. */
    record Created(Generation generation) implements Outcome {}

    /** A route asks for something that this process does not have. */
    record Failed(List<Problem> problems) implements Outcome {}
  }

  /** Builds a generation; nothing serves it yet. */
  Outcome create(long number, RouteTable table);

  /** Releases pools, keys and breakers that the now serving generation does not use. */
  void retire(Generation serving);
}
