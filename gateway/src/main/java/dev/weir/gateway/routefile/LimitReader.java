package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Limit;
import java.time.Duration;
import java.util.Optional;

/** Reads one limit. */
final class LimitReader {
  // Never served: a bad rate has broken the file. With it the routes' use of the key is checked
  // too.
  private static final RateFormat.Rate UNKNOWN = new RateFormat.Rate(1, Duration.ofSeconds(1));

  private LimitReader() {}

  /** Returns the limit, unless it is unknown whose requests share a bucket. */
  static Optional<Limit> read(String name, Block block) {
    Optional<Located<Limit.Key>> key = block.value("key", Grammar.LIMIT_KEY);
    Optional<Located<RateFormat.Rate>> rate = block.value("rate", Grammar.RATE);
    Optional<Located<Integer>> burst = block.value("burst", Grammar.BURST);
    Limit.OnRedisLoss onRedisLoss =
        block
            .value("on-redis-loss", Grammar.ON_REDIS_LOSS)
            .map(Located::value)
            .orElse(Limit.OnRedisLoss.LOCAL);
    RateFormat.Rate flow = rate.map(Located::value).orElse(UNKNOWN);
    return key.map(
        whose ->
            new Limit(
                name,
                whose.value(),
                flow.tokens(),
                flow.window(),
                burst.map(Located::value).orElse(flow.tokens()),
                onRedisLoss));
  }
}
