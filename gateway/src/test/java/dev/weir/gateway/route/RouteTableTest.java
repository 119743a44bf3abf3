package dev.weir.gateway.route;

import static dev.weir.gateway.route.Routes.route;
import static dev.weir.gateway.route.Routes.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {
  private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "DELETE");

  @ParameterizedTest
  @CsvSource({
    "/,                      root",
    "/api/orders,            orders",
    "/api/orders/,           orders",
    "/api/orders/7,          order",
    "/api/orders/7/,         orders",
    "/api/orders/7/lines,    orders",
    "/api/orders/admin,      admin",
    "/api/orders/admin/a/b,  admin",
    "/api/orders/7/items/9,  item",
    "/api/orders/recent/x/9, orders",
    "/api/ordersx,           rest",
    "/api,                   rest",
    "/public/,               slash",
    "/public,                rest",
    "/a%2Cb,                 escaped",
    "/a%2cb,                 rest",
  })
  void picksTheMostSpecificPattern(String path, String id) {
    RouteTable table =
        table(
            route("rest", "/**"),
            route("root", "/"),
            route("orders", "/api/orders/**"),
            route("order", "/api/orders/{id}"),
            route("item", "/api/orders/{id}/items/{item}"),
            route("recent", "/api/orders/recent/items/{item}/x"),
            route("admin", "/api/orders/admin/**"),
            route("slash", "/public/"),
            route("escaped", "/a%2Cb"));

    assertThat(idOf(table.find("localhost", "GET", path))).isEqualTo(id);
  }

  @Test
  void turnsBackFromALiteralThatLeadsNowhere() {
    RouteTable table = table(route("dead", "/a/b/c"), route("alive", "/{x}/b/d"));

    assertThat(idOf(table.find("", "GET", "/a/b/d"))).isEqualTo("alive");
  }

  @Test
  void prefersTheExactHostWhateverThePaths() {
    RouteTable table =
        table(
            route("any", "/a/b"),
            route("own", Optional.of("api.example.com"), "/**", Set.of("GET")));

    assertThat(idOf(table.find("api.example.com", "GET", "/a/b"))).isEqualTo("own");
    assertThat(idOf(table.find("api.example.com", "POST", "/a/b"))).isEqualTo("any");
    assertThat(idOf(table.find("www.example.com", "GET", "/a/b"))).isEqualTo("any");
  }

  @Test
  void fallsThroughToALessSpecificPatternThatTakesTheMethod() {
    RouteTable table = table(route("read", "/a/{id}", "GET"), route("all", "/a/**", "POST"));

    assertThat(idOf(table.find("", "POST", "/a/1"))).isEqualTo("all");
  }

  @Test
  void namesEveryMethodThatThePathTakes() {
    RouteTable table =
        table(
            route("read", "/a/{id}", "GET"),
            route("write", "/a/**", "POST", "PUT"),
            route("own", Optional.of("h"), "/a/1", Set.of("PATCH")));

    assertThat(table.find("h", "DELETE", "/a/1"))
        .isEqualTo(new Found.WrongMethod(Set.of("GET", "HEAD", "POST", "PUT", "PATCH")));
    assertThat(table.find("h", "DELETE", "/b")).isEqualTo(new Found.Nothing());
  }

  @Test
  void givesHeadToTheRouteThatTakesGetUnlessOneNamesIt() {
    assertThat(idOf(table(route("get", "/a", "GET")).find("", "HEAD", "/a"))).isEqualTo("get");
    RouteTable both = table(route("get", "/a", "GET"), route("head", "/a", "HEAD"));
    assertThat(idOf(both.find("", "HEAD", "/a"))).isEqualTo("head");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "a/b", "http://x/a"})
  void findsNothingForWhatIsNotAPath(String path) {
    assertThat(table(route("all", "/**")).find("", "OPTIONS", path)).isEqualTo(new Found.Nothing());
  }

  @Test
  void refusesTwoRoutesForOneRequest() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table(route("one", "/a/{x}", "GET"), route("two", "/a/{y}", "GET")))
        .withMessageContaining("two");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table(route("one", "/a"), route("two", "/a", "GET")));
  }

  @Test
  void hitNamesTheRoutesPlace() {
    RouteTable table = table(route("a", "/a"), route("b", "/b"));

    assertThat(table.find("", "GET", "/b")).isEqualTo(new Found.Hit(table.routes().get(1), 1));
    assertThat(table.revision()).isEqualTo("0123456789ab");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithANaiveMatcher(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      List<Route> routes = randomRoutes(random, 1 + random.nextInt(40));
      RouteTable table = table(routes);
      NaiveMatcher naive = new NaiveMatcher(routes);
      for (int i = 0; i < 200; i++) {
        String host = random.nextBoolean() ? "h" : "other";
        String method = METHODS.get(random.nextInt(METHODS.size()));
        String path = randomPath(random, false);
        assertThat(table.find(host, method, path))
            .as("%s %s %s of %s", host, method, path, routes)
            .isEqualTo(naive.find(host, method, path));
      }
    }
  }

  @Test
  void allocatesNothingForAHitOrAMiss() {
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      routes.add(route("r" + i, "/api/service-" + i + "/{id}/items/**", "GET"));
    }
    RouteTable table = table(routes);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().threadId();
    lookUp(table, 20_000);

    long before = threads.getThreadAllocatedBytes(id);
    int hits = lookUp(table, 20_000);
    long allocated = threads.getThreadAllocatedBytes(id) - before;

    assertThat(hits).isEqualTo(20_000);
    assertThat(allocated).as("bytes for 20,000 hits and 20,000 misses").isLessThan(20_000);
  }

  private static int lookUp(RouteTable table, int times) {
    int hits = 0;
    for (int i = 0; i < times; i++) {
      if (table.find("h", "GET", "/api/service-777/42/items/9") instanceof Found.Hit) {
        hits++;
      }
      if (table.find("h", "GET", "/api/service-777/42/other") instanceof Found.Hit) {
        hits++;
      }
    }
    return hits;
  }

  private static List<Route> randomRoutes(Random random, int count) {
    Map<String, Route> byKey = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Optional<String> host = random.nextInt(3) == 0 ? Optional.of("h") : Optional.empty();
      String path = randomPath(random, true);
      boolean anyMethod = random.nextInt(4) == 0;
      String method = METHODS.get(random.nextInt(METHODS.size()));
      String shape = host + path.replaceAll("\\{.\\}", "{}");
      boolean taken =
          byKey.keySet().stream().anyMatch(key -> key.startsWith(shape + " ") && anyMethod)
              || byKey.containsKey(shape + " *")
              || byKey.containsKey(shape + " " + method);
      if (!taken) {
        Set<String> methods = anyMethod ? Set.of() : Set.of(method);
        byKey.put(shape + " " + (anyMethod ? "*" : method), route("r" + i, host, path, methods));
      }
    }
    return List.copyOf(byKey.values());
  }

  /** Draws from few words, so that patterns compete and paths meet them. */
  private static String randomPath(Random random, boolean pattern) {
    StringBuilder path = new StringBuilder();
    int depth = random.nextInt(pattern ? 4 : 6);
    for (int i = 0; i < depth; i++) {
      boolean free = pattern && random.nextInt(3) == 0;
      path.append('/')
          .append(free ? "{" + (char) ('p' + i) + "}" : "abAB".charAt(random.nextInt(4)));
    }
    if (pattern && random.nextInt(3) == 0) {
      return path + "/**";
    }
    return path.isEmpty() || random.nextInt(6) == 0 ? path + "/" : path.toString();
  }

  private static String idOf(Found found) {
    return switch (found) {
      case Found.Hit(Route route, int index) -> route.id();
      case Found.WrongMethod(Set<String> allowed) -> "405 " + allowed;
      case Found.Nothing() -> "404";
    };
  }
}
