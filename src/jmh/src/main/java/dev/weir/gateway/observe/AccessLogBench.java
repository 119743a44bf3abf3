package dev.weir.gateway.observe;

import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.SampleRequests;
import dev.weir.jmh.sample.SampleRoutes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Shows what one access log line costs the event loop that writes it. */
@State(Scope.Benchmark)
public class AccessLogBench {
  private static final byte[] EXPECTED =
      """
      {"@timestamp":"2026-11-25T12:00:00.123Z","log":"access",\
      "request_id":"4bf92f3577b34da6a3ce929d0e0e4736","client":"203.0.113.9",\
      "protocol":"HTTP/2","method":"GET","host":"api.example.com",\
      "path":"/api/service-00042/42/items/9","route":"route-42","status":200,"code":"",\
      "fault":"","subject":"user-1","endpoint":"127.0.0.1:9101","attempts":1,"fallback":"","bytes":1024,\
      "duration_us":1234,"generation":3}
      """
          .getBytes(StandardCharsets.UTF_8);

  private final AccessLog log =
      new AccessLog(OutputStream.nullOutputStream(), new SimpleMeterRegistry());

  /** Of a forwarded request with a token. */
  private final AccessRecord entry =
      new AccessRecord(
          1_795_608_000_123L,
          SampleRequests.REQUEST_ID,
          "203.0.113.9",
          "HTTP/2",
          "GET",
          "api.example.com",
          SampleRoutes.path(42),
          "route-42",
          200,
          "",
          "",
          "user-1",
          "127.0.0.1:9101",
          1,
          "",
          1024,
          1_234_567,
          3);

  /** Encodes a line. */
  @Benchmark
  public byte[] encode() {
    byte[] line = AccessLog.encode(entry);
    Expect.that(Arrays.equals(line, EXPECTED), "a whole line");
    return line;
  }

  /** Encodes a line and leaves it to the writer, which empties lanes as fast as it can. */
  @Benchmark
  public void log() {
    log.log(entry);
  }

  /** Ends the writer. */
  @TearDown
  public void close() {
    log.close();
  }
}
