package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes wrong behind the edge stays behind it. */
@ExtendWith(WithWeir.class)
class FailureE2E {
  private final WeirSystem system;
  private final Edge edge;

  FailureE2E(WeirSystem system) {
    this.system = system;
    this.edge = new Edge(system);
  }

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void servesOnWhileOneInstanceIsKilledAndComesBack() throws Exception {
    var token = Person.registered(edge).token(edge);
    var statuses = new ConcurrentSkipListSet<Integer>();
    var sent = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(4)) {
      var load =
          IntStream.range(0, 4)
              .<Future<?>>mapToObj(_ -> threads.submit(() -> load(token, statuses, sent)))
              .toList();
      await().until(() -> sent.get() > 100);
      system.part("orders-a").destroyForcibly();
      for (var worker : load) {
        worker.get();
      }
    }
    // A read is tried again on the other instance, so nobody notices.
    assertThat(statuses).containsExactly(200);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                edge.get("/api/orders", token)
                    .headers()
                    .firstValue("X-Instance")
                    .orElse("")
                    .equals("a"));
    assertThat(system.output()).contains("weir: orders-a ended with status 137");
  }

  private void load(String token, Set<Integer> statuses, AtomicInteger sent) {
    while (sent.incrementAndGet() <= 500) {
      statuses.add(edge.get("/api/orders", token).statusCode());
    }
  }

  @Test
  void keepsServingTheLastGoodRoutesUntilABrokenFileIsMended() throws IOException {
    var good = Files.readString(system.routes());
    try {
      Files.writeString(system.routes(), good.replace("upstream: echo", "upstream: ecko"));
      // The gateway may look while the file is being written, and find it empty for a moment.
      await()
          .untilAsserted(
              () ->
                  assertThat(problems())
                      .isNotEmpty()
                      .allMatch(
                          problem -> problem.contains("routes.yaml:") && problem.contains("ecko")));
      assertThat(edge.get("/public/echo").statusCode()).isEqualTo(200);
    } finally {
      Files.writeString(system.routes(), good);
    }
    await().untilAsserted(() -> assertThat(problems()).isEmpty());
    assertThat(edge.get("/public/echo").statusCode()).isEqualTo(200);
  }

  private List<String> problems() {
    return Edge.json(edge.manage("/routes"))
        .get("problems")
        .valueStream()
        .map(p -> p.asString())
        .toList();
  }
}
