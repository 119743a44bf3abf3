package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.fixture.ScriptedUpstream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What clients and upstreams see of deadlines, from the edge to the endpoint. */
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
        routes:
          - { id: silent, match: { path: /silent }, upstream: silent, auth: none }
          - { id: prompt, match: { path: /prompt }, upstream: prompt, auth: none }
        """
            .formatted(silent.endpoint().authority(), prompt.endpoint().authority());
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
  }

  private static String ask(LocalGateway gateway, String path, String fields) throws IOException {
    try (Socket client = gateway.connect()) {
      String request =
          "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + "\r\n";
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
  void tellsTheUpstreamTheRoutesDeadlineWhateverAStrangerSays() throws IOException {
    assertThat(ask(wary, "/prompt", "X-Weir-Deadline-Ms: 1\r\n")).startsWith("HTTP/1.1 200 ");
    assertThat(deadline(prompt)).isBetween(301L, 15_000L);
    assertThat(prompt.heads().getLast().split("(?i)deadline-ms", -1)).hasSize(2);
  }
}
