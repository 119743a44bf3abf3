package dev.weir.auth.testing;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/** An SMTP server that accepts everything and keeps it. */
public final class SmtpSink {
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final ServerSocket server;
  private final AtomicReference<Optional<Hanging>> hanging =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Runnable> whileWaiting = new AtomicReference<>(() -> {});
  private final List<String> mails = new CopyOnWriteArrayList<>();
  private final List<String> logins = new CopyOnWriteArrayList<>();

  private SmtpSink(ServerSocket server) {
    this.server = server;
  }

  public static SmtpSink start() {
    try {
      var sink = new SmtpSink(new ServerSocket(0, 16, InetAddress.getLoopbackAddress()));
      Thread.ofPlatform().name("smtp-sink").daemon(true).start(sink::accept);
      return sink;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Returns the mails to this address, whole, in the order in which they came. */
  public List<String> to(String address) {
    return mails.stream().filter(mail -> mail.startsWith("to:" + address + "\n")).toList();
  }

  /** Returns USER:PASSWORD of everybody who said who they are, in the order in which they came. */
  public List<String> logins() {
    return List.copyOf(logins);
  }

  /** Waits for the mail under this subject to this address, and returns the code in it. */
  public String code(String address, String subject) {
    var mail =
        await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> latest(address, subject), Optional::isPresent)
            .orElseThrow();
    return CODE.matcher(mail).results().findFirst().orElseThrow().group();
  }

  /** Waits until a mail under this subject is there. */
  public void awaitMail(String address, String subject) {
    await().atMost(Duration.ofSeconds(10)).until(() -> latest(address, subject).isPresent());
  }

  /** Says how to have waiting mails sent at once, so that no test waits for the worker's round. */
  void whileWaiting(Runnable step) {
    whileWaiting.set(step);
  }

  private Optional<String> latest(String address, String subject) {
    whileWaiting.get().run();
    return to(address).reversed().stream()
        .filter(mail -> mail.contains("Subject: " + subject))
        .findFirst();
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets nobody in until it is closed: callers wait for a greeting. */
  public Hanging hang() {
    var hanging = new Hanging(new CountDownLatch(1), new AtomicInteger());
    this.hanging.set(Optional.of(hanging));
    return hanging;
  }

  /** A server that takes connections and says nothing. */
  public final class Hanging implements AutoCloseable {
    private final CountDownLatch end;
    private final AtomicInteger callers;

    Hanging(CountDownLatch end, AtomicInteger callers) {
      this.end = end;
      this.callers = callers;
    }

    public int callers() {
      return callers.get();
    }

    private void hold() {
      callers.incrementAndGet();
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      hanging.set(Optional.empty());
      end.countDown();
    }
  }

  private void serve(Socket socket) {
    hanging.get().ifPresent(Hanging::hold);
    try (socket;
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      say(socket, "220 sink");
      var recipient = "";
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        var verb = line.toUpperCase(Locale.ROOT);
        if (verb.startsWith("RCPT TO:")) {
          recipient = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
        }
        if (verb.startsWith("DATA")) {
          say(socket, "354 go on");
          mails.add("to:" + recipient + "\n" + data(in));
        }
        if (verb.startsWith("AUTH PLAIN ")) {
          logins.add(login(line.substring("AUTH PLAIN ".length())));
        }
        say(socket, answer(verb));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String answer(String verb) {
    return switch (verb.substring(0, 4)) {
      case "QUIT" -> "221 bye";
      case "EHLO" -> "250-sink\r\n250 AUTH PLAIN";
      case "AUTH" -> "235 come in";
      default -> "250 ok";
    };
  }

  private static String login(String base64) {
    var parts =
        new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8).split("\0", -1);
    return parts[1] + ":" + parts[2];
  }

  private static String data(BufferedReader in) throws IOException {
    var mail = new StringBuilder();
    for (var line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      mail.append(line).append('\n');
    }
    return mail.toString();
  }

  private static void say(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }
}
