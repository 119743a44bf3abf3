package dev.weir.gateway.upstream;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The shared connections of one event loop to one endpoint, the first opened first.
 *
 * <p>Per request: a look along them. They are copied as one comes or goes, which is rare, so that
 * whoever walks along them may end some on the way. Confined to its loop.
 */
final class SharedConnections {
  private static final SharedConnection[] NONE = {};

  private SharedConnection[] all = NONE;

  void add(SharedConnection connection) {
    SharedConnection[] more = Arrays.copyOf(all, all.length + 1);
    more[all.length] = connection;
    all = more;
  }

  void remove(SharedConnection connection) {
    all = Arrays.stream(all).filter(it -> it != connection).toArray(SharedConnection[]::new);
  }

  boolean isEmpty() {
    return all.length == 0;
  }

  int size() {
    return all.length;
  }

  /** Returns the first with room: so the fewest are in use. */
  @Nullable SharedConnection roomy() {
    for (SharedConnection connection : all) {
      if (connection.hasRoom()) {
        return connection;
      }
    }
    return null;
  }

  /** Returns how many carry nothing. */
  int idle() {
    int count = 0;
    for (SharedConnection connection : all) {
      if (connection.active() == 0) {
        count++;
      }
    }
    return count;
  }

  /** Returns whether one will take requests again; one that leaves will not. */
  boolean anyServes() {
    return Arrays.stream(all).anyMatch(connection -> !connection.isLeaving());
  }

  void leaveFirst() {
    all[0].leave();
  }

  void leaveOneIdle() {
    Arrays.stream(all)
        .filter(connection -> connection.active() == 0)
        .findFirst()
        .ifPresent(SharedConnection::leave);
  }

  void leaveAll() {
    for (SharedConnection connection : all) {
      connection.leave();
    }
  }

  void closeDone() {
    for (SharedConnection connection : all) {
      connection.closeIfDone();
    }
  }

  void closeAll() {
    for (SharedConnection connection : all) {
      connection.close();
    }
  }

  /** Does what time asks for. */
  void check(int tick, PoolTimes times) {
    for (SharedConnection connection : all) {
      connection.check(tick, times);
    }
  }
}
