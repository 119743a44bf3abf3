package dev.weir.jmh.sample;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RequestBody;
import dev.weir.gateway.exchange.RequestHead;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;

/** Requests as a browser's script sends them to an API. */
public final class SampleRequests {
  /** A request id of the gateway's own form. */
  public static final String REQUEST_ID = "4bf92f3577b34da6a3ce929d0e0e4736";

  private SampleRequests() {}

  /** Returns the fields of a request, new ones each time: stages edit them in place. */
  public static HttpHeaders fields() {
    return headers()
        .add("host", "api.example.com")
        .add("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0")
        .add("accept", "application/json")
        .add("accept-language", "en-GB,en;q=0.7,de;q=0.3")
        .add("accept-encoding", "gzip, deflate, br, zstd")
        .add("referer", "https://shop.example.com/orders")
        .add("origin", "https://shop.example.com")
        .add("connection", "keep-alive")
        .add("cookie", "theme=dark; __Host-rt=s3cr3t; lang=en");
  }

  /** Returns the fields of an upstream's answer, new ones each time. */
  public static HttpHeaders answerFields() {
    return headers()
        .add("content-type", "application/json")
        .add("content-length", "1024")
        .add("date", "Wed, 25 Nov 2026 12:00:00 GMT")
        .add("server", "nginx")
        .add("cache-control", "no-store")
        .add("vary", "accept-encoding");
  }

  /** Returns an exchange of a client without a body; its fields are the caller's. */
  public static Exchange exchange(
      String path, String clientAddress, HttpHeaders fields, EventLoop loop) {
    RequestHead head =
        new RequestHead(
            HttpMethod.GET,
            "https",
            "api.example.com",
            path,
            "",
            clientAddress,
            REQUEST_ID,
            fields);
    return new Exchange(head, RequestBody.NONE, loop, System.nanoTime());
  }

  private static HttpHeaders headers() {
    return DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
  }
}
