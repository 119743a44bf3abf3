package dev.weir.gateway.upstream;

import java.util.ArrayList;
import java.util.List;

/**
 * What attempts of one event loop are carried by, or may be. Each knows its place here, so one is
 * forgotten without a search: the last takes its place. Confined to its loop.
 */
final class OpenConnections {
  private final List<Connection> open = new ArrayList<>();

  void add(Connection connection) {
    connection.place(open.size());
    open.add(connection);
  }

  void remove(Connection connection) {
    Connection last = open.removeLast();
    if (last != connection) {
      last.place(connection.place());
      open.set(connection.place(), last);
    }
  }

  /**
   * Looks whether each makes progress; one that does not is closed, and so is removed meanwhile.
   */
  void check(int tick, int stallTicks) {
    for (int i = open.size() - 1; i >= 0; i--) {
      if (i < open.size()) {
        open.get(i).check(tick, tick - stallTicks);
      }
    }
  }

  void abort() {
    List.copyOf(open).forEach(Connection::abort);
  }

  int size() {
    return open.size();
  }

  boolean isEmpty() {
    return open.isEmpty();
  }
}
