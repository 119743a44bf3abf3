package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Balance;
import dev.weir.gateway.route.Selection;
import org.yaml.snakeyaml.nodes.MappingNode;

/** Reads which of an upstream's endpoints a request goes to. */
final class SelectionReader {
  private SelectionReader() {}

  /** Reads the keys of an upstream that say so; what is absent or broken is as if not written. */
  static Selection read(Block upstream) {
    return new Selection(balance(upstream));
  }

  private static Balance balance(Block upstream) {
    if (upstream.holds("balance", MappingNode.class)) {
      return upstream
          .block("balance", Shape.BALANCE)
          .flatMap(block -> block.value("hash", Grammar.HASH_KEY))
          .<Balance>map(key -> new Balance.Hash(key.value()))
          .orElse(Balance.STANDARD);
    }
    return upstream.value("balance", Grammar.BALANCE).map(Located::value).orElse(Balance.STANDARD);
  }
}
