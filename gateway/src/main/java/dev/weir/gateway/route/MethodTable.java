package dev.weir.gateway.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one host and path, by method.
 *
 * <p>A pattern has a handful of methods, so a scan of two parallel arrays beats a hash map; server
 * libraries hand out the same string for a known method, so {@code equals} ends at the identity.
 */
final class MethodTable {
  private final String[] methods;
  private final Found.Hit[] hits;
  private final Found.@Nullable Hit anyMethod;
  private final Set<String> named;

  private MethodTable(String[] methods, Found.Hit[] hits, Found.@Nullable Hit anyMethod) {
    this.methods = methods;
    this.hits = hits;
    this.anyMethod = anyMethod;
    this.named = Set.of(methods);
  }

  /** Builds the table of the routes that share one host and path. */
  static MethodTable of(List<Found.Hit> routes) {
    List<String> methods = new ArrayList<>();
    List<Found.Hit> hits = new ArrayList<>();
    Found.Hit anyMethod = null;
    for (Found.Hit hit : routes) {
      Set<String> taken = hit.route().match().methods();
      if (taken.isEmpty()) {
        requireUntaken(hit, anyMethod == null && routes.size() == 1);
        anyMethod = hit;
      }
      for (String method : taken) {
        requireUntaken(hit, !methods.contains(method));
        methods.add(method);
        hits.add(hit);
      }
    }
    int get = methods.indexOf("GET");
    if (get >= 0 && !methods.contains("HEAD")) {
      methods.add("HEAD");
      hits.add(hits.get(get));
    }
    return new MethodTable(
        methods.toArray(String[]::new), hits.toArray(Found.Hit[]::new), anyMethod);
  }

  private static void requireUntaken(Found.Hit hit, boolean untaken) {
    if (!untaken) {
      throw new IllegalArgumentException(
          "route " + hit.route().id() + " takes what another route of its path takes");
    }
  }

  /** Returns the route that takes the method, or null. */
  Found.@Nullable Hit find(String method) {
    for (int i = 0; i < methods.length; i++) {
      if (methods[i].equals(method)) {
        return hits[i];
      }
    }
    return anyMethod;
  }

  /** Returns the methods that are named here. */
  Set<String> methods() {
    return named;
  }
}
