package dev.weir.bench.run;

import dev.weir.bench.contender.Contender;
import dev.weir.bench.load.Protocol;
import dev.weir.bench.load.Requests;
import java.util.List;
import java.util.Map;

/**
 * What clients ask of a contender over and over.
 *
 * @param tokens one for each caller; a single empty one for nobody
 * @param expected statuses, and the largest share of the answers that each may have
 */
record Task(String path, List<String> tokens, Map<Integer, Double> expected) {
  private static final List<String> NOBODY = List.of("");

  /** The forwarded request that every contender serves. */
  static Task item(List<String> tokens) {
    return new Task("/api/item", tokens, Map.of(200, 1.0));
  }

  static Task anonymous(String path, Map<Integer, Double> expected) {
    return new Task(path, NOBODY, expected);
  }

  static Task anonymousItem() {
    return item(NOBODY);
  }

  Requests requests(Protocol protocol, Contender contender) {
    return requests(protocol, contender.port());
  }

  Requests requests(Protocol protocol, int port) {
    return Requests.of(protocol, "localhost:" + port, path, tokens);
  }
}
