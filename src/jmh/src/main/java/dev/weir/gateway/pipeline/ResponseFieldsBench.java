package dev.weir.gateway.pipeline;

import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.SampleRequests;
import io.netty.handler.codec.http.HttpHeaders;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Shows what hardening an answer's fields costs; {@link #fieldsAlone} is what making them costs, to
 * be taken off.
 */
@State(Scope.Thread)
public class ResponseFieldsBench {

  /** Makes the fields of an answer. */
  @Benchmark
  public HttpHeaders fieldsAlone() {
    HttpHeaders headers = SampleRequests.answerFields();
    Expect.that(headers.size() == 6, "six fields");
    return headers;
  }

  /** Makes and hardens fields: one goes and five come. */
  @Benchmark
  public HttpHeaders harden() {
    HttpHeaders headers = SampleRequests.answerFields();
    ResponseFields.harden(headers, SampleRequests.REQUEST_ID);
    Expect.that(headers.size() == 10 && !headers.contains("server"), "hardened fields");
    return headers;
  }
}
