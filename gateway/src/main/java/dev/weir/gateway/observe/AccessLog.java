package dev.weir.gateway.observe;

import dev.weir.gateway.problem.ProblemJson;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One JSON line per request. The event loop encodes the line and offers it to a bounded queue; one
 * thread of its own writes. Where the disk is slower than the traffic, lines are dropped and
 * counted: a log never slows a request down.
 *
 * <p>Holds no query, no cookie, no token and no body.
 */
public final class AccessLog implements AutoCloseable {
  private static final int CAPACITY = 16_384;
  private static final int BATCH = 512;

  private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final OutputStream out;
  private final Counter dropped;
  private final Thread writer;
  private volatile boolean open = true;

  /** Starts the writer. */
  public AccessLog(OutputStream out, MeterRegistry meters) {
    this.out = out;
    this.dropped = meters.counter(GatewayMetrics.ACCESS_LOG_DROPPED);
    this.writer = Thread.ofPlatform().name("weir-access-log").daemon().start(this::write);
  }

  /** Writes a line about a finished request, soon. */
  public void log(AccessRecord entry) {
    if (!queue.offer(encode(entry))) {
      dropped.increment();
    }
  }

  static byte[] encode(AccessRecord entry) {
    StringBuilder json = new StringBuilder(384);
    json.append("{\"@timestamp\":\"").append(Instant.ofEpochMilli(entry.epochMillis()));
    json.append("\",\"log\":\"access\",\"request_id\":\"").append(entry.requestId());
    text(json, "client", entry.client());
    text(json, "protocol", entry.protocol());
    text(json, "method", entry.method());
    text(json, "host", entry.host());
    text(json, "path", entry.path());
    text(json, "route", entry.route());
    json.append("\",\"status\":").append(entry.status());
    json.append(",\"code\":\"").append(entry.code());
    text(json, "fault", entry.fault());
    text(json, "subject", entry.subject());
    text(json, "endpoint", entry.endpoint());
    json.append("\",\"attempts\":").append(entry.attempts());
    json.append(",\"bytes\":").append(entry.bytes());
    json.append(",\"duration_us\":").append(entry.durationNanos() / 1000);
    json.append(",\"generation\":").append(entry.generation()).append("}\n");
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void text(StringBuilder json, String name, String value) {
    json.append("\",\"").append(name).append("\":\"");
    ProblemJson.appendEscaped(json, value);
  }

  private void write() {
    List<byte[]> batch = new ArrayList<>(BATCH);
    while (open || !queue.isEmpty()) {
      try {
        byte[] first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        queue.drainTo(batch, BATCH - 1);
        writeBatch(batch);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        batch.clear();
      }
    }
  }

  private void writeBatch(List<byte[]> batch) {
    try {
      for (byte[] line : batch) {
        out.write(line);
      }
      out.flush();
    } catch (IOException e) {
      // Nowhere to report to but the counter: the log itself is what failed.
      dropped.increment(batch.size());
    }
  }

  /** Writes what is queued, for at most two seconds. */
  @Override
  public void close() {
    open = false;
    try {
      writer.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
