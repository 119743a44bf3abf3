package dev.weir.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RequestBody;
import dev.weir.gateway.exchange.RequestHead;
import dev.weir.gateway.fixture.Answer;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.fixture.ScriptedUpstream;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The client on the event loops of a reactor-netty server, whichever transport that chose. */
@ExtendWith(LeakCheck.class)
final class UpstreamBehindServerIT {
  private final UpstreamClient client = new UpstreamClient(new SimpleMeterRegistry());
  private final AtomicReference<String> threads = new AtomicReference<>("");

  @Test
  void serverAnswersExpectationWhenTheUpstreamWantsTheBody() throws IOException {
    try (var upstream =
        ScriptedUpstream.start(
            peer -> {
              peer.readHead();
              peer.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + peer.readBody(4));
              peer.awaitClose();
            })) {
      DisposableServer edge = edge(Exchanges.upstream(upstream.endpoint()));
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), edge.port())) {
        send(
            socket,
            "PUT /a HTTP/1.1\r\nHost: edge\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
        String interim = readUntil(socket.getInputStream(), "\r\n\r\n");
        send(socket, "body");
        String answer = readUntil(socket.getInputStream(), "body");

        assertThat(interim).startsWith("HTTP/1.1 100 Continue\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(upstream.heads().getFirst()).doesNotContainIgnoringCase("expect");
        assertThat(threads.get()).isEqualTo("same");
      } finally {
        client.closeAll();
        edge.disposeNow();
      }
    }
  }

  private DisposableServer edge(Upstream upstream) {
    return HttpServer.create()
        .host("127.0.0.1")
        .port(0)
        .handle((request, response) -> forward(upstream, request, response))
        .bindNow();
  }

  private Publisher<Void> forward(
      Upstream upstream, HttpServerRequest request, HttpServerResponse response) {
    AtomicReference<Channel> channel = new AtomicReference<>();
    request.withConnection(connection -> channel.set(connection.channel()));
    var head =
        new RequestHead(
            request.method(),
            "http",
            "edge",
            request.uri(),
            "",
            "127.0.0.1",
            "r1",
            request.requestHeaders());
    var body = new RequestBody(true, request.receive().retain());
    var exchange = new Exchange(head, body, channel.get().eventLoop(), System.nanoTime());
    exchange.bind(Exchanges.route(upstream), 0);
    Thread before = Thread.currentThread();
    Mono<String> answer =
        client
            .attempt(exchange, upstream, upstream.endpoints().getFirst(), ClientFixture.PATIENCE)
            .doOnNext(
                got -> threads.set(Thread.currentThread().equals(before) ? "same" : "another"))
            .flatMap(Answer::read)
            .map(Answer::body);
    return response.sendString(answer);
  }

  private static void send(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String readUntil(InputStream in, String end) throws IOException {
    var text = new StringBuilder();
    while (text.indexOf(end) < 0) {
      int read = in.read();
      if (read < 0) {
        throw new IOException("ended after: " + text);
      }
      text.append((char) read);
    }
    return text.toString();
  }
}
