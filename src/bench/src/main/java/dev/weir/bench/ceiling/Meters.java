package dev.weir.bench.ceiling;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/**
 * Counters that a gateway tells of itself, over all its lives: what it told last before it was
 * killed is kept. Read by one thread after the other.
 */
final class Meters {
  /** What is read, by the name in /metrics. */
  enum Counter {
    REDIS_CALLS("weir_redis_call_duration_seconds_count"),
    FALLBACKS("weir_throttle_fallback_total"),
    LEASED("weir_throttle_lease_tokens_total{outcome=\"leased\""),
    RETURNED("weir_throttle_lease_tokens_total{outcome=\"returned\""),
    EXPIRED("weir_throttle_lease_tokens_total{outcome=\"expired\"");

    private final String line;

    Counter(String line) {
      this.line = line;
    }
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final int TRIES = 10;

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final int port;
  private final HttpRequest request;
  private final double[] earlierLives = new double[Counter.values().length];
  private final double[] last = new double[Counter.values().length];

  Meters(int managementPort) {
    this.port = managementPort;
    var address = URI.create("http://127.0.0.1:" + managementPort + "/metrics");
    this.request = HttpRequest.newBuilder(address).timeout(TIMEOUT).build();
  }

  int port() {
    return port;
  }

  /** Reads all of them, if the gateway is there; one that is away keeps what it told last. */
  boolean read() throws InterruptedException {
    List<String> lines;
    try {
      lines = client.send(request, BodyHandlers.ofString()).body().lines().toList();
    } catch (IOException away) {
      return false;
    }
    for (var counter : Counter.values()) {
      double now = sum(lines, counter);
      if (now < last[counter.ordinal()]) {
        earlierLives[counter.ordinal()] += last[counter.ordinal()];
      }
      last[counter.ordinal()] = now;
    }
    return true;
  }

  static double sum(List<String> lines, Counter counter) {
    return lines.stream()
        .filter(line -> line.startsWith(counter.line))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Counts from now on. */
  void begin() throws IOException, InterruptedException {
    int tries = 1;
    while (!read()) {
      if (tries++ == TRIES) {
        throw new IOException("a gateway does not show its meters");
      }
    }
    for (int i = 0; i < last.length; i++) {
      earlierLives[i] = -last[i];
    }
  }

  long total(Counter counter) {
    return Math.round(earlierLives[counter.ordinal()] + last[counter.ordinal()]);
  }
}
