package dev.weir.auth.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stands before a real Postgres for one connection, and holds back what it answers once the client
 * has sent a certain text, until it is told to go on.
 */
final class HeldBackPostgres implements AutoCloseable {
  private final ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);
  private final int postgres;
  private final String text;

  private HeldBackPostgres(int postgres, String text) throws IOException {
    this.postgres = postgres;
    this.text = text;
    Thread.ofVirtual().start(this::serve);
  }

  static HeldBackPostgres after(String text, int postgres) throws IOException {
    return new HeldBackPostgres(postgres, text);
  }

  int port() {
    return door.getLocalPort();
  }

  boolean isAsked() throws InterruptedException {
    return asked.await(10, TimeUnit.SECONDS);
  }

  void release() {
    released.countDown();
  }

  /** Whether the client has closed its connection, which is waited for. */
  boolean isLeft() throws InterruptedException {
    return left.await(10, TimeUnit.SECONDS);
  }

  private void serve() {
    try (var client = door.accept();
        var server = new Socket(InetAddress.getLoopbackAddress(), postgres)) {
      Thread.ofVirtual().start(() -> answers(server, client));
      questions(client, server);
      left.countDown();
    } catch (IOException _) {
      left.countDown();
    }
  }

  private void questions(Socket client, Socket server) throws IOException {
    var sent = new StringBuilder();
    for (var part = read(client.getInputStream());
        part.length > 0;
        part = read(client.getInputStream())) {
      sent.append(new String(part, StandardCharsets.ISO_8859_1));
      if (sent.indexOf(text) >= 0) {
        asked.countDown();
      }
      server.getOutputStream().write(part);
    }
  }

  private void answers(Socket server, Socket client) {
    try {
      for (var part = read(server.getInputStream());
          part.length > 0;
          part = read(server.getInputStream())) {
        if (asked.getCount() == 0) {
          released.await();
        }
        client.getOutputStream().write(part);
      }
    } catch (IOException _) {
      // The client has gone, which is what is waited for.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] read(InputStream from) throws IOException {
    var part = new byte[8192];
    int length = from.read(part);
    return Arrays.copyOf(part, Math.max(0, length));
  }

  @Override
  public void close() throws IOException {
    released.countDown();
    door.close();
  }
}
