package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.fixture.ScriptedUpstream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What clients and upstreams see of deadlines and further attempts, from edge to endpoint. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailingIT {
  private static final Pattern DEADLINE = Pattern.compile("(?i)x-weir-deadline-ms: (\\d+)\r\n");

  @TempDir private static Path folder;

  private final ScriptedUpstream silent =
      ScriptedUpstream.start(
          peer -> {
            peer.readHead();
            peer.awaitClose();
          });
  private final ScriptedUpstream prompt =
      ScriptedUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final ScriptedUpstream shaky = ScriptedUpstream.start(this::breakOffOnce);

  private LocalGateway trusting;
  private LocalGateway wary;

  @BeforeAll
  void start() throws IOException {
    String routes =
        """
        version: 1
        upstreams:
          silent: { endpoints: ["http://%s"] }
          prompt: { endpoints: ["http://%s"] }
          shaky: { endpoints: ["http://%s"] }
        routes:
          - id: shaky
            match: { path: /shaky }
            upstream: shaky
            auth: none
            attempt-timeout: 5s
            retry: { attempts: 2, on: [reset], idempotency-key: true, body: 1KiB }
          - { id: silent, match: { path: /silent }, upstream: silent, auth: none }
          - { id: prompt, match: { path: /prompt }, upstream: prompt, auth: none }
        """
            .formatted(
                silent.endpoint().authority(),
                prompt.endpoint().authority(),
                shaky.endpoint().authority());
    trusting =
        LocalGateway.serving(
            routes,
            Files.createDirectory(folder.resolve("trusting")),
            "--weir.ingress.trusted-proxies=127.0.0.1/32");
    wary = LocalGateway.serving(routes, Files.createDirectory(folder.resolve("wary")));
  }

  @AfterAll
  void stop() {
    trusting.close();
    wary.close();
    silent.close();
    prompt.close();
    shaky.close();
  }

  /** Reads a request whole and resets; answers the next. */
  private void breakOffOnce(ScriptedUpstream.Peer peer) throws IOException {
    peer.readHead();
    bodies.add(peer.readBody(5));
    if (reads.incrementAndGet() % 2 == 1) {
      peer.reset();
      return;
    }
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  }

  private static String post(LocalGateway gateway, String path, String fields) throws IOException {
    return exchange(
        gateway, "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields);
  }

  private static String ask(LocalGateway gateway, String path, String fields) throws IOException {
    return exchange(
        gateway,
        "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + "\r\n");
  }

  private static String exchange(LocalGateway gateway, String request) throws IOException {
    try (Socket client = gateway.connect()) {
      client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static long deadline(ScriptedUpstream upstream) {
    Matcher found = DEADLINE.matcher(upstream.heads().getLast());
    assertThat(found.find()).isTrue();
    return Long.parseLong(found.group(1));
  }

  @Test
  void endsARequestWhenItsTrustedSenderNoLongerWaits() throws IOException {
    String answer = ask(trusting, "/silent", "X-Weir-Deadline-Ms: 300\r\n");

    assertThat(answer).startsWith("HTTP/1.1 504 ").contains("\"code\":\"deadline-exceeded\"");
    assertThat(answer).contains("the proxy before this gateway");
    assertThat(deadline(silent)).isBetween(1L, 300L);
  }

  @Test
  void sendsAPostAgainWhereTheClientGaveItAKey() throws IOException {
    reads.set(0);
    bodies.clear();
    String keyed = "Idempotency-Key: \"a\"\r\nContent-Length: 5\r\n\r\nhello";

    assertThat(post(wary, "/shaky", keyed)).startsWith("HTTP/1.1 200 ").endsWith("ok");
    assertThat(bodies).containsExactly("hello", "hello");
    assertThat(wary.series("weir_retries_total{outcome=\"retried\",upstream=\"shaky\"}")).isOne();
  }

  @Test
  void sendsAPostWithoutAKeyOnce() throws IOException {
    reads.set(0);
    bodies.clear();

    assertThat(post(wary, "/shaky", "Content-Length: 5\r\n\r\nhello"))
        .startsWith("HTTP/1.1 502 ")
        .contains("\"code\":\"upstream-reset\"");
    assertThat(bodies).containsExactly("hello");
  }

  @Test
  void tellsTheUpstreamTheRoutesDeadlineWhateverAStrangerSays() throws IOException {
    assertThat(ask(wary, "/prompt", "X-Weir-Deadline-Ms: 1\r\n")).startsWith("HTTP/1.1 200 ");
    assertThat(deadline(prompt)).isBetween(301L, 15_000L);
    assertThat(prompt.heads().getLast().split("(?i)deadline-ms", -1)).hasSize(2);
  }
}
