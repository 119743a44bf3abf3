package dev.weir.gateway.throttle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Tokens that requests took of this instance's share while the store was away. They are taken from
 * its buckets once it is back, before anybody draws from these again: else what flowed in meanwhile
 * would be spent twice.
 *
 * <p>A call whose fate is unknown is made again, and may take twice: too little passes then, never
 * too much. Beyond the bound a new key's debts are forgotten.
 */
final class Debts {
  private static final int PER_CALL = 64;

  private final long bound;
  // A debt is one immutable value; merge and remove are atomic for a key, so none is lost or paid
  // twice by two threads.
  private final ConcurrentHashMap<String, Debt> debts = new ConcurrentHashMap<>();

  private record Debt(Tier tier, long tokens) {
    Debt and(Debt other) {
      return new Debt(tier, tokens + other.tokens);
    }
  }

  Debts(long bound) {
    this.bound = bound;
  }

  void add(Tier tier, long tokens) {
    if (debts.containsKey(tier.key()) || debts.size() < bound) {
      add(new Debt(tier, tokens));
    }
  }

  private void add(Debt debt) {
    debts.merge(debt.tier().key(), debt, Debt::and);
  }

  boolean isEmpty() {
    return debts.isEmpty();
  }

  /** Pays all of them, some in a call, one call after the other; what fails is owed as before. */
  CompletionStage<Void> pay(Function<List<Draw>, CompletionStage<List<Drawn>>> store) {
    List<Debt> batch = new ArrayList<>(PER_CALL);
    for (String key : debts.keySet()) {
      Debt debt = batch.size() < PER_CALL ? debts.remove(key) : null;
      if (debt != null) {
        batch.add(debt);
      }
    }
    if (batch.isEmpty()) {
      return CompletableFuture.allOf();
    }
    return store
        .apply(batch.stream().map(debt -> Draw.spent(debt.tier(), debt.tokens())).toList())
        .whenComplete(
            (drawn, failure) -> {
              if (failure != null) {
                batch.forEach(this::add);
              }
            })
        .thenCompose(paid -> pay(store));
  }
}
