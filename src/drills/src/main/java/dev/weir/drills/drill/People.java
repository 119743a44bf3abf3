package dev.weir.drills.drill;

import dev.weir.bench.contender.Probe;
import dev.weir.bench.contender.UnfitException;
import dev.weir.drills.stand.WholeSystem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Somebody with an account, who logs in as often as a drill needs it. */
record People(Probe probe, int port) {
  private static final Pattern ACCESS = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)");
  private static final Pattern REFRESH = Pattern.compile("\"refresh_token\"\\s*:\\s*\"([^\"]+)");
  private static final String PASSWORD = "a-quiet-river-7-stones";

  /** Those of a whole system, who come through its edge. */
  static People of(WholeSystem system) throws IOException, GeneralSecurityException {
    return new People(Probe.create(system.authority()), system.edgePort());
  }

  /** What a login, or a refresh, answered. */
  record Tokens(String access, String refresh) {

    /** Reads them from the body of an answer; nothing where they are not in it. */
    static Optional<Tokens> read(String answer) {
      var access = ACCESS.matcher(answer);
      var refresh = REFRESH.matcher(answer);
      return access.find() && refresh.find()
          ? Optional.of(new Tokens(access.group(1), refresh.group(1)))
          : Optional.empty();
    }

    /** The JSON that exchanges the refresh token for its successor. */
    String exchange() {
      return "{\"refresh_token\":\"%s\"}".formatted(refresh);
    }
  }

  /** The JSON that logs somebody in as a program does, which keeps its refresh token itself. */
  static String programs(int number) {
    var json = credentials(number);
    return json.substring(0, json.length() - 1) + ",\"client\":\"native\"}";
  }

  /** The JSON that registers somebody or logs them in. */
  static String credentials(int number) {
    return "{\"email\":\"drill-%d@example.com\",\"password\":\"%s\"}".formatted(number, PASSWORD);
  }

  void register(int number) throws IOException, InterruptedException {
    var _ = probe.post(port, "/auth/register", credentials(number));
  }

  /** Logs in as a program does, which keeps its refresh token itself. */
  Tokens logIn(int number) throws IOException, InterruptedException, UnfitException {
    return tokens(probe.post(port, "/auth/login", programs(number)));
  }

  /** Exchanges a refresh token for its successor. */
  Tokens refresh(Tokens before) throws IOException, InterruptedException, UnfitException {
    return tokens(probe.post(port, "/auth/token/refresh", before.exchange()));
  }

  /** Tells whether somebody is known and let in. */
  boolean mayLogIn(int number) throws IOException, InterruptedException {
    return Tokens.read(probe.post(port, "/auth/login", programs(number))).isPresent();
  }

  /** Tells whether a session is still there and where its tokens say. */
  boolean mayRefresh(Tokens before) throws IOException, InterruptedException {
    return Tokens.read(probe.post(port, "/auth/token/refresh", before.exchange())).isPresent();
  }

  /** Ends the session; returns the status. */
  int logOut(Tokens tokens) throws IOException, InterruptedException {
    return probe.postAs(tokens.access(), port, "/auth/logout");
  }

  private static Tokens tokens(String answer) throws UnfitException {
    return Tokens.read(answer).orElseThrow(() -> new UnfitException("no tokens: " + answer));
  }
}
