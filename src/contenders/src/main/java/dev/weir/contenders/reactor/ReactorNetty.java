package dev.weir.contenders.reactor;

import dev.weir.contenders.Bench;
import dev.weir.contenders.Fields;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/** A proxy of reactor-netty's server and its client, both on one event loop, and nothing else. */
public final class ReactorNetty {
  private static final int MAX_CONCURRENT_STREAMS = 256;

  private final HttpClient client;
  private final String authority;

  private ReactorNetty(HttpClient client, String authority) {
    this.client = client;
    this.authority = authority;
  }

  /** Serves until the process ends. */
  public static void main(String[] arguments) {
    Bench bench = Bench.fromEnvironment();
    LoopResources loop = LoopResources.create("edge", 1, true);
    HttpClient client =
        HttpClient.create(ConnectionProvider.create("upstream", 500))
            .runOn(loop)
            .host("127.0.0.1")
            .port(bench.upstreamPort());
    var proxy = new ReactorNetty(client, bench.upstreamAuthority());
    GenericSslContextSpec<?> tls =
        Http2SslContextSpec.forServer(bench.certificate().toFile(), bench.privateKey().toFile())
            .configure(builder -> builder.sslProvider(SslProvider.OPENSSL).protocols("TLSv1.3"));
    HttpServer.create()
        .runOn(loop)
        .host("127.0.0.1")
        .port(bench.port())
        .protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
        .secure(spec -> spec.sslContext(tls))
        .http2Settings(spec -> spec.maxConcurrentStreams(MAX_CONCURRENT_STREAMS))
        .handle(proxy::forward)
        .bindNow()
        .onDispose()
        .block();
  }

  private Publisher<Void> forward(HttpServerRequest request, HttpServerResponse response) {
    HttpClient.RequestSender sender =
        client
            .headers(headers -> copy(request, headers))
            .request(request.method())
            .uri(request.uri());
    HttpClient.ResponseReceiver<?> receiver =
        hasBody(request.requestHeaders())
            ? sender.send((_, outbound) -> outbound.send(request.receive().retain()))
            : sender;
    return receiver.response((answer, body) -> passOn(answer, body, response));
  }

  private void copy(HttpServerRequest request, HttpHeaders headers) {
    headers.set(request.requestHeaders());
    InetSocketAddress peer = Objects.requireNonNull(request.remoteAddress());
    Fields.toUpstream(headers, authority, peer.getHostString());
  }

  private static boolean hasBody(HttpHeaders headers) {
    return headers.contains(HttpHeaderNames.CONTENT_LENGTH)
        || headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
  }

  private static Publisher<Void> passOn(
      HttpClientResponse answer, ByteBufFlux body, HttpServerResponse response) {
    response.status(answer.status()).headers(answer.responseHeaders());
    Fields.toClient(response.responseHeaders());
    return response.send(body.retain());
  }
}
