package dev.weir.quickstart.demo;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/** The orders of one instance, in memory; the oldest are forgotten beyond a bound. */
final class OrderBook {
  static final int LIMIT = 5_000;

  private final Map<UUID, Order> orders = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<UUID> byAge = new ConcurrentLinkedQueue<>();

  void add(Order order) {
    if (orders.putIfAbsent(order.id(), order) != null) {
      return;
    }
    byAge.add(order.id());
    // Two adds that pass the bound together each remove one: the size settles at the limit.
    if (orders.size() > LIMIT) {
      Optional.ofNullable(byAge.poll()).ifPresent(orders::remove);
    }
  }

  Optional<Order> find(UUID id) {
    return Optional.ofNullable(orders.get(id));
  }

  /** At most that many of the orders that fit, the newest first. */
  List<Order> newest(int count, Predicate<Order> fits) {
    return orders.values().stream()
        .filter(fits)
        .sorted(Comparator.comparing(Order::placedAt).reversed())
        .limit(count)
        .toList();
  }
}
