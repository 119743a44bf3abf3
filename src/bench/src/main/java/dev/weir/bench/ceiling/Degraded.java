package dev.weir.bench.ceiling;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks ten times a second whether a gateway shares its limits, by its gauge. One thread until it
 * has ended.
 */
final class Degraded implements Runnable {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final long LOOK_MILLIS = 100;
  private static final String LINE = "weir_redis_up ";

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final int gateway;
  private final HttpRequest request;
  private final long endNanos;
  private final List<Kills.Outage> outages = new ArrayList<>();
  private long lostSince;

  Degraded(int gateway, int managementPort, long endNanos) {
    this.gateway = gateway;
    var address = URI.create("http://127.0.0.1:" + managementPort + "/metrics");
    this.request = HttpRequest.newBuilder(address).timeout(TIMEOUT).build();
    this.endNanos = endNanos;
  }

  @Override
  public void run() {
    try {
      while (System.nanoTime() < endNanos) {
        look();
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
    if (lostSince != 0) {
      outages.add(new Kills.Outage(gateway, lostSince, System.nanoTime()));
    }
  }

  private void look() throws InterruptedException {
    boolean up;
    try {
      up = isUp(client.send(request, BodyHandlers.ofString()).body());
    } catch (IOException busy) {
      return;
    }
    long now = System.nanoTime();
    if (!up && lostSince == 0) {
      lostSince = now;
    }
    if (up && lostSince != 0) {
      outages.add(new Kills.Outage(gateway, lostSince, now));
      lostSince = 0;
    }
  }

  static boolean isUp(String metrics) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(LINE))
        .allMatch(line -> Double.parseDouble(line.substring(LINE.length())) == 1);
  }

  /** Returns when it did not, once this has ended. */
  List<Kills.Outage> outages() {
    return List.copyOf(outages);
  }
}
