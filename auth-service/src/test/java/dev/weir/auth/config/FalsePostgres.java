package dev.weir.auth.config;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;

/**
 * Stands where a client looks for Postgres and asks for whatever it can get: it offers no TLS, or
 * TLS with a certificate of its own, and asks whoever logs in all the same for the password itself.
 */
final class FalsePostgres implements AutoCloseable {
  private static final int SSL_REQUEST_BYTES = 8;

  /** AuthenticationCleartextPassword. */
  private static final byte[] YOUR_PASSWORD = {'R', 0, 0, 0, 8, 0, 0, 0, 3};

  private final ServerSocket door = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  private final AtomicInteger visits = new AtomicInteger();
  private final Queue<String> heard = new ConcurrentLinkedQueue<>();
  private final Optional<JdkSslContext> tls;

  private FalsePostgres(Optional<JdkSslContext> tls) throws IOException {
    this.tls = tls;
    Thread.ofVirtual().start(this::serve);
  }

  static FalsePostgres withoutTls() throws IOException {
    return new FalsePostgres(Optional.empty());
  }

  static FalsePostgres withTls(TestCertificate certificate) throws IOException {
    var context =
        SslContextBuilder.forServer(certificate.chain().toFile(), certificate.privateKey().toFile())
            .sslProvider(SslProvider.JDK)
            .build();
    return new FalsePostgres(Optional.of((JdkSslContext) context));
  }

  int port() {
    return door.getLocalPort();
  }

  int visits() {
    return visits.get();
  }

  /** Returns everything that came beside the question whether there is TLS. */
  Queue<String> heard() {
    return heard;
  }

  private void serve() {
    while (!door.isClosed()) {
      try {
        var client = door.accept();
        Thread.ofVirtual().start(() -> talk(client));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void talk(Socket client) {
    try (client) {
      // Whoever asks for no TLS has said who it is by now.
      var question =
          new String(
              client.getInputStream().readNBytes(SSL_REQUEST_BYTES), StandardCharsets.ISO_8859_1);
      if (!question.endsWith("\u0004\u00d2\u0016/")) {
        heard.add(question);
      }
      visits.incrementAndGet();
      client.getOutputStream().write(tls.isPresent() ? 'S' : 'N');
      listen(tls.isPresent() ? encrypted(client, tls.get()) : client);
    } catch (IOException _) {
      // The client has gone, which is what it should do.
    }
  }

  private static Socket encrypted(Socket client, JdkSslContext tls) throws IOException {
    var socket =
        (SSLSocket)
            tls.context()
                .getSocketFactory()
                .createSocket(client, InputStream.nullInputStream(), true);
    socket.setUseClientMode(false);
    socket.startHandshake();
    return socket;
  }

  private void listen(Socket client) throws IOException {
    var part = new byte[4096];
    for (int length = client.getInputStream().read(part);
        length > 0;
        length = client.getInputStream().read(part)) {
      heard.add(new String(Arrays.copyOf(part, length), StandardCharsets.ISO_8859_1));
      client.getOutputStream().write(YOUR_PASSWORD);
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
