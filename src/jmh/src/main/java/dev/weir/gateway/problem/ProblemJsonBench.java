package dev.weir.gateway.problem;

import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.SampleRequests;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Shows what the body of a refusal costs: a flood is answered with it. */
@State(Scope.Thread)
public class ProblemJsonBench {
  private static final byte[] EXPECTED =
      """
      {"type":"https://weir.dev/problems/throttled","title":"A rate limit is used up","status":429,\
      "detail":"The limit per-client is used up; try again in 3 s",\
      "instance":"urn:weir:request:4bf92f3577b34da6a3ce929d0e0e4736","code":"throttled"}
      """
          .getBytes(StandardCharsets.UTF_8);

  private final Rejection rejection =
      Rejection.retryAfter(
          GatewayError.THROTTLED, "The limit per-client is used up; try again in 3 s", 3);

  /** Writes the problem of a request over its limit. */
  @Benchmark
  public byte[] throttled() {
    byte[] body = ProblemJson.encode(rejection, SampleRequests.REQUEST_ID);
    Expect.that(Arrays.equals(body, EXPECTED), "the problem of a throttled request");
    return body;
  }
}
