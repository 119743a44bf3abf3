package dev.weir.auth.redis;

import dev.weir.auth.throttle.AttemptLedger;
import dev.weir.auth.throttle.Budget;
import dev.weir.auth.throttle.Reservation;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Counts attempts in Redis, all budgets of a request in one script call. */
public final class RedisLedger implements AttemptLedger {
  private static final String RESERVE =
      """
      local wait = 0
      local refused = 0
      local counts = {}
      for i, key in ipairs(KEYS) do
        counts[i] = tonumber(redis.call('GET', key) or '0')
        if counts[i] >= tonumber(ARGV[2 * i - 1]) then
          refused = 1
          wait = math.max(wait, redis.call('PTTL', key))
        end
      end
      local answer = {refused, wait}
      for i, key in ipairs(KEYS) do
        if refused == 0 then
          counts[i] = redis.call('INCR', key)
          if redis.call('PTTL', key) < 0 then
            redis.call('PEXPIRE', key, ARGV[2 * i])
          end
        end
        answer[#answer + 1] = counts[i]
        answer[#answer + 1] = math.max(0, redis.call('PTTL', key))
      end
      return answer
      """;

  /**
   * Never creates a key and never goes below zero: the window may have ended meanwhile. One in
   * which nothing is left is forgotten, or each right code would be kept for a month.
   */
  private static final String REFUND =
      """
      for _, key in ipairs(KEYS) do
        local count = tonumber(redis.call('GET', key) or '0')
        if count > 1 then
          redis.call('DECR', key)
        elseif count == 1 then
          redis.call('DEL', key)
        end
      end
      return 0
      """;

  private final RedisLink link;
  private final String prefix;

  public RedisLedger(RedisLink link, String prefix) {
    this.link = link;
    this.prefix = prefix;
  }

  @Override
  public Mono<Reservation> reserve(List<Budget> budgets) {
    var arguments = new ArrayList<String>();
    for (var budget : budgets) {
      arguments.add(Integer.toString(budget.limit().attempts()));
      arguments.add(Long.toString(budget.limit().window().toMillis()));
    }
    return link.call(redis -> eval(redis, budgets, arguments))
        .collectList()
        .map(numbers -> reservation(budgets, numbers));
  }

  @Override
  public Mono<Void> refund(List<Budget> budgets) {
    return link.call(redis -> redis.eval(REFUND, ScriptOutputType.INTEGER, keys(budgets))).then();
  }

  @Override
  public Mono<Void> clear(Budget budget) {
    return link.call(redis -> redis.del(prefix + budget.key()).flux()).then();
  }

  private Flux<Long> eval(
      RedisReactiveCommands<String, String> redis, List<Budget> budgets, List<String> arguments) {
    return redis
        .<List<Long>>eval(
            RESERVE, ScriptOutputType.MULTI, keys(budgets), arguments.toArray(String[]::new))
        .flatMapIterable(numbers -> numbers);
  }

  private String[] keys(List<Budget> budgets) {
    return budgets.stream().map(budget -> prefix + budget.key()).toArray(String[]::new);
  }

  private static Reservation reservation(List<Budget> budgets, List<Long> numbers) {
    var standings = new ArrayList<Reservation.Standing>();
    for (int i = 0; i < budgets.size(); i++) {
      standings.add(
          new Reservation.Standing(
              numbers.get(2 + 2 * i).intValue(), Duration.ofMillis(numbers.get(3 + 2 * i))));
    }
    return new Reservation(
        numbers.get(0) == 0, Duration.ofMillis(Math.max(1, numbers.get(1))), standings);
  }
}
