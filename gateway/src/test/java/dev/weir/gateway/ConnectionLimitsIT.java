package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.fixture.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may do with a connection before, between and after its requests. */
class ConnectionLimitsIT {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final byte[] PING = {0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};

  @TempDir private Path folder;

  private final CountDownLatch answerSlowRequest = new CountDownLatch(1);
  private ScriptedUpstream upstream;
  private LocalGateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = ScriptedUpstream.start(this::play);
    gateway =
        LocalGateway.serving(
            """
            version: 1
            upstreams:
              only: { endpoints: ["http://127.0.0.1:%d"] }
            routes:
              - { id: a, match: { path: /a }, upstream: only, auth: none }
              - { id: slow, match: { path: /slow }, upstream: only, auth: none }
            """
                .formatted(upstream.endpoint().port()),
            folder,
            "--weir.drain.grace=0s",
            "--weir.edge.idle-timeout=400ms",
            "--weir.edge.request-timeout=400ms",
            "--weir.edge.max-connections=4");
  }

  private void play(ScriptedUpstream.Peer peer) throws IOException {
    while (peer.readHead()) {
      if (upstream.heads().getLast().contains(" /slow ")) {
        awaitLeave();
      }
      peer.write(OK);
    }
  }

  private void awaitLeave() throws IOException {
    try {
      answerSlowRequest.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @AfterEach
  void stop() {
    answerSlowRequest.countDown();
    gateway.close();
    upstream.close();
  }

  @Test
  void endsAHeadThatTricklesInHoweverOftenAByteComes() throws IOException {
    try (Socket socket = gateway.connect()) {
      write(socket, "GET /a HTTP/1.1\r\nX: ");
      assertThat(readWhileSending(socket, "x".getBytes(StandardCharsets.US_ASCII)))
          .startsWith("HTTP/1.1 408 ")
          .contains("connection: close", "\"code\":\"request-timeout\"");
    }
    assertThat(closedFor("slow_request")).isEqualTo(1);
  }

  @Test
  void endsAHeadInPiecesAtTheLineThatIsTooMany() throws IOException {
    try (Socket socket = gateway.connect()) {
      write(socket, "GET /a HTTP/1.1\r\nHost: localhost\r\n" + "a:\r\n".repeat(90));
      assertThat(readWhileSending(socket, "b:\r\n".getBytes(StandardCharsets.US_ASCII)))
          .startsWith("HTTP/1.1 431 ")
          .contains("connection: close", "\"code\":\"too-many-fields\"");
    }
    assertThat(closedFor("fields")).isEqualTo(1);
  }

  /** Behind a whole request, in one record, the codec reads the next head's fields at once. */
  @ParameterizedTest
  @ValueSource(strings = {"", "GET /a HTTP/1.1\r\nHost: loc"})
  void countsTheLinesOfAHeadBehindAWholeRequest(String begun) throws IOException {
    String whole = "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try (Socket socket = gateway.connect()) {
      if (!begun.isEmpty()) {
        write(socket, begun);
        await().until(() -> gateway.series("weir_connections_open") == 1);
      }
      String rest = begun.isEmpty() ? whole : "alhost\r\n\r\n";
      write(socket, rest + "GET / HTTP/1.1\r\n" + "a:\r\n".repeat(3_000));
      assertThat(readToEndOrReset(socket)).doesNotContain("HTTP/1.1 503", "HTTP/1.1 408");
    }
    assertThat(closedFor("fields")).isEqualTo(1);
  }

  @Test
  void countsNoLinesOfABodyBehindAnotherRequest() throws IOException {
    try (Socket socket = gateway.connect()) {
      String first = "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n";
      String head = "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n";
      write(socket, first + head);
      readOneAnswer(socket.getInputStream());
      write(socket, "a\r\n".repeat(300));
      assertThat(readToEnd(socket)).startsWith("HTTP/1.1 200 ");
    }
    assertThat(closedFor("fields")).isZero();
  }

  @Test
  void blamesNobodyForAHeadThatItsClientGivesUp() throws IOException {
    try (Socket socket = gateway.connect()) {
      write(socket, "GET /a HTTP/1.1\r\nHost: lo");
    }
    await().until(() -> gateway.series("weir_connections_open") == 0);
    for (String reason : List.of("pipelined", "fields", "unfinished", "slow_request", "limit")) {
      assertThat(closedFor(reason)).isZero();
    }
  }

  @Test
  void letsNothingSentAheadEndAnAnswerThatRuns() throws IOException {
    try (Socket socket = gateway.connect()) {
      write(socket, "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
      write(socket, "\r\n");
      socket.setSoTimeout(1_500);
      assertThat(readsNothing(socket)).isTrue();
      answerSlowRequest.countDown();
      assertThat(readToEnd(socket)).startsWith("HTTP/1.1 200 ").contains("\r\n\r\nok");
    }
  }

  @Test
  void takesConnectionsOfTheEdgeWhileThoseOfTheRedirectsAreTaken() throws IOException {
    try (Socket redirect =
        new Socket(InetAddress.getLoopbackAddress(), gateway.edgeServer().redirectPort())) {
      for (int i = 0; i < 8; i++) {
        try (Socket more =
            new Socket(InetAddress.getLoopbackAddress(), gateway.edgeServer().redirectPort())) {
          assertThat(more.getInputStream().read()).isNegative();
        }
      }
      assertThat(redirect.isConnected()).isTrue();
      assertThat(isRefused()).isFalse();
    }
  }

  @Test
  void answers408WhereABodyTricklesIn() throws IOException {
    try (Socket socket = gateway.connect()) {
      write(socket, "POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
      assertThat(readWhileSending(socket, "x".getBytes(StandardCharsets.US_ASCII)))
          .startsWith("HTTP/1.1 408 ")
          .contains("\"code\":\"request-timeout\"");
    }
  }

  @Test
  void closesAnIdleConnection() throws IOException {
    try (Socket socket = gateway.connect()) {
      write(socket, "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(readToEnd(socket)).startsWith("HTTP/1.1 200 ").endsWith("ok");
    }
    assertThat(closedFor("idle")).isEqualTo(1);
  }

  @Test
  void closesAnHttp2ConnectionThatIsKeptByPingAlone() throws IOException {
    try (SSLSocket socket = (SSLSocket) gateway.connect()) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      write(socket, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
      readWhileSending(socket, PING);
    }
    assertThat(closedFor("idle")).isEqualTo(1);
  }

  @Test
  void leavesAConnectionAloneWhileItsRequestRuns() throws IOException {
    try (Socket socket = gateway.connect()) {
      write(socket, "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
      socket.setSoTimeout(1_000);
      assertThat(readsNothing(socket)).isTrue();
      answerSlowRequest.countDown();
      assertThat(readToEnd(socket)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void closesWhatComesBeyondTheBoundAndTakesTheNextOnceThereIsRoom() throws IOException {
    List<Socket> held = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        Socket socket = gateway.connect();
        write(socket, "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
        held.add(socket);
      }
      assertThat(isRefused()).isTrue();
      assertThat(closedFor("limit")).isEqualTo(1);
    } finally {
      answerSlowRequest.countDown();
      for (Socket socket : held) {
        readToEnd(socket);
        socket.close();
      }
    }
    assertThat(isRefused()).isFalse();
  }

  /** An answer that came before the request's end was read left its objects to a timer once. */
  @Test
  void keepsNothingOfAnsweredRequests() throws IOException, JMException {
    try (Socket socket = gateway.connect()) {
      String refused = "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n";
      InputStream in = socket.getInputStream();
      for (int i = 0; i < 2_000; i++) {
        write(socket, refused);
        readOneAnswer(in);
      }
      assertThat(instancesOf("reactor.netty.http.server.HttpServerOperations")).isLessThan(200);
    }
  }

  private boolean isRefused() {
    try (Socket socket = gateway.connect()) {
      write(socket, "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
      return socket.getInputStream().read() < 0;
    } catch (IOException closed) {
      return true;
    }
  }

  private double closedFor(String reason) {
    return gateway
        .context()
        .getBean(MeterRegistry.class)
        .get("weir.connections.closed")
        .tag("reason", reason)
        .counter()
        .count();
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Sends these bytes again and again until the other side has closed; returns what it said. */
  private static String readWhileSending(Socket socket, byte[] more) throws IOException {
    var said = new StringBuilder();
    socket.setSoTimeout(20);
    while (true) {
      try {
        int next = socket.getInputStream().read();
        if (next < 0) {
          return said.toString();
        }
        said.append((char) next);
      } catch (SocketTimeoutException nothingYet) {
        try {
          socket.getOutputStream().write(more);
        } catch (SocketException closed) {
          return said.toString();
        }
      } catch (SocketException reset) {
        return said.toString();
      }
    }
  }

  private static String readToEnd(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private static String readToEndOrReset(Socket socket) throws IOException {
    return readWhileSending(socket, new byte[0]);
  }

  private static boolean readsNothing(Socket socket) throws IOException {
    try {
      int _ = socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException nothing) {
      return true;
    }
  }

  private static void readOneAnswer(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).isNotNegative();
      head.append((char) next);
    }
    String text = head.toString();
    int at = text.indexOf("content-length: ") + "content-length: ".length();
    in.skipNBytes(Long.parseLong(text.substring(at, text.indexOf("\r\n", at))));
  }

  /** Counts what survives a collection. */
  private static long instancesOf(String type) throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+", 5))
        .filter(row -> row.length > 3 && row[3].equals(type))
        .mapToLong(row -> Long.parseLong(row[1]))
        .sum();
  }
}
