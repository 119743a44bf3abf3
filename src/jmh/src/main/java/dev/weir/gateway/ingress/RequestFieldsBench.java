package dev.weir.gateway.ingress;

import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.SampleRequests;
import dev.weir.jmh.sample.SampleRoutes;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Shows what cleaning and stamping a request's fields costs. They are edited in place, so each run
 * needs new ones: {@link #fieldsAlone} is what making them costs, to be taken off.
 */
@State(Scope.Thread)
public class RequestFieldsBench {
  private final InetAddress peer = InetAddress.ofLiteral("203.0.113.9");
  private final String path = SampleRoutes.path(42);
  private final RequestFields fields =
      new RequestFields(new SessionCookies("__Host-rt", Set.of("/auth/logout")));
  private final Ingress ingress =
      new Ingress(
          TrustedProxies.parse(List.of()), new SessionCookies("__Host-rt", Set.of("/auth/logout")));

  /** Makes the fields of a request. */
  @Benchmark
  public HttpHeaders fieldsAlone() {
    HttpHeaders headers = SampleRequests.fields();
    Expect.that(headers.size() == 9, "nine fields");
    return headers;
  }

  /** Makes, strips and stamps fields. */
  @Benchmark
  public HttpHeaders stripAndStamp() {
    HttpHeaders headers = SampleRequests.fields();
    fields.strip(headers, path, false);
    fields.stamp(headers, inbound(headers), "api.example.com", SampleRequests.REQUEST_ID);
    Expect.that(isClean(headers), "clean fields");
    return headers;
  }

  /** Makes fields and takes a head through the whole stage: framing, target, path, fields. */
  @Benchmark
  public Ingress.Outcome receive() {
    HttpHeaders headers = SampleRequests.fields();
    Ingress.Outcome outcome = ingress.receive(inbound(headers));
    Expect.that(
        outcome instanceof Ingress.Outcome.Accepted accepted
            && accepted.head().path().equals(path)
            && isClean(headers),
        "an accepted head");
    return outcome;
  }

  private Inbound inbound(HttpHeaders headers) {
    return new Inbound(HttpMethod.GET, path, Inbound.Protocol.HTTP_1_1, "https", headers, peer);
  }

  /** One hop-by-hop field went and six came. */
  private static boolean isClean(HttpHeaders headers) {
    return headers.size() == 14 && headers.get("cookie").length() == "theme=dark; lang=en".length();
  }
}
