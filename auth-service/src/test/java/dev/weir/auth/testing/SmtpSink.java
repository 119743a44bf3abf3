package dev.weir.auth.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** An SMTP server that accepts everything and keeps it. */
public final class SmtpSink {
  private final ServerSocket server;
  private final List<String> mails = new CopyOnWriteArrayList<>();

  private SmtpSink(ServerSocket server) {
    this.server = server;
  }

  static SmtpSink start() {
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

  private void serve(Socket socket) {
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
        say(socket, verb.startsWith("QUIT") ? "221 bye" : "250 ok");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
