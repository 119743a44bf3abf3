package dev.weir.drills.drill;

import dev.weir.bench.contender.Probe;
import dev.weir.bench.contender.UnfitException;
import java.io.IOException;
import java.util.regex.Pattern;

/** Somebody with an account, who logs in as often as a drill needs it. */
record People(Probe probe, int port) {
  private static final Pattern ACCESS = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)");
  private static final Pattern REFRESH = Pattern.compile("\"refresh_token\"\\s*:\\s*\"([^\"]+)");
  private static final String PASSWORD = "a-quiet-river-7-stones";

  /** What a login, or a refresh, answered. */
  record Tokens(String access, String refresh) {}

  /** The JSON that registers somebody or logs them in. */
  static String credentials(int number) {
    return "{\"email\":\"drill-%d@example.com\",\"password\":\"%s\"}".formatted(number, PASSWORD);
  }

  void register(int number) throws IOException, InterruptedException {
    var _ = probe.post(port, "/auth/register", credentials(number));
  }

  /** Logs in as a program does, which keeps its refresh token itself. */
  Tokens logIn(int number) throws IOException, InterruptedException, UnfitException {
    var json = credentials(number);
    var programs = json.substring(0, json.length() - 1) + ",\"client\":\"native\"}";
    return tokens(probe.post(port, "/auth/login", programs));
  }

  /** Exchanges a refresh token for its successor. */
  Tokens refresh(Tokens before) throws IOException, InterruptedException, UnfitException {
    var json = "{\"refresh_token\":\"%s\"}".formatted(before.refresh());
    return tokens(probe.post(port, "/auth/token/refresh", json));
  }

  /** Ends the session; returns the status. */
  int logOut(Tokens tokens) throws IOException, InterruptedException {
    return probe.postAs(tokens.access(), port, "/auth/logout");
  }

  private static Tokens tokens(String answer) throws UnfitException {
    var access = ACCESS.matcher(answer);
    var refresh = REFRESH.matcher(answer);
    if (!access.find() || !refresh.find()) {
      throw new UnfitException("no tokens: " + answer);
    }
    return new Tokens(access.group(1), refresh.group(1));
  }
}
