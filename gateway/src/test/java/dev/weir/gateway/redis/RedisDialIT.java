package dev.weir.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.jwt.RevocationSet;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections to Redis that are taken and lead nowhere, as behind a path or a proxy that hangs. */
class RedisDialIT {
  private static final int SILENT = 2;

  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private RedisServers server;
  private ServerSocket front;

  @BeforeEach
  void start() throws IOException {
    server = new RedisServers();
    server.start();
    front = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  @AfterEach
  void stop() throws IOException {
    front.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
  }

  /** Says nothing on the first connections, and passes the later ones on. */
  private void accept() {
    try {
      while (true) {
        Socket client = front.accept();
        sockets.add(client);
        if (sockets.size() > SILENT) {
          join(client);
        }
      }
    } catch (IOException closed) {
      // By the test's end.
    }
  }

  private void join(Socket client) throws IOException {
    var redis = new Socket(InetAddress.getLoopbackAddress(), URI.create(server.uri()).getPort());
    Thread.ofVirtual().start(() -> pipe(client, redis));
    Thread.ofVirtual().start(() -> pipe(redis, client));
  }

  private static void pipe(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException closed) {
      // Either side has hung up; the other follows.
    }
  }

  @Test
  void givesUpAHandshakeThatIsNotAnsweredAndDialsAgain() {
    var meters = new SimpleMeterRegistry();
    var revocations = new RevocationSet(InstantSource.system(), meters);
    try (var link = link(revocations, meters)) {
      await().atMost(Duration.ofSeconds(9)).until(() -> link.revocationsRead() && answers(link));
      assertThat(sockets.size()).isGreaterThan(SILENT);
    }
  }

  private RedisLink link(RevocationSet revocations, SimpleMeterRegistry meters) {
    return new RedisLink(
        RedisSettings.standalone(
            "redis://127.0.0.1:" + front.getLocalPort(), Duration.ofMillis(500)),
        "a:local:",
        revocations,
        meters);
  }

  private static boolean answers(RedisLink link) {
    return link.buckets()
        .probe()
        .toCompletableFuture()
        .handle((done, failure) -> failure == null)
        .join();
  }
}
