package dev.weir.auth.config;

import dev.weir.auth.config.Settings.Host;
import io.r2dbc.spi.R2dbcException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why one of several hosts was not taken, in words for whoever has to mend it. They come from the
 * server or the socket, neither of which repeats a password.
 *
 * @param isRefusal whether the host is there and will not have us, so that waiting would not help
 */
record PassedOver(Host host, String reason, boolean isRefusal) {
  /** Cut there: a server may say what it likes. */
  private static final int LONGEST = 200;

  static PassedOver readOnly(Host host) {
    return new PassedOver(host, "is read-only", false);
  }

  static PassedOver old(Host host, long timeline, long newest) {
    var reason = "is an old primary (timeline %d, and there is %d)".formatted(timeline, newest);
    return new PassedOver(host, reason, false);
  }

  static PassedOver after(Host host, Throwable error) {
    var tls = TlsFault.of(error);
    if (tls.isPresent()) {
      return new PassedOver(host, tls.get().told(line(root(error))), true);
    }
    var state = state(error).orElse("");
    if (isRefusal(state)) {
      return new PassedOver(host, "refuses us (" + state + ": " + line(error) + ")", true);
    }
    return switch (error) {
      case TimeoutException _ -> new PassedOver(host, "does not answer", false);
      default -> new PassedOver(host, "cannot be asked (" + line(root(error)) + ")", false);
    };
  }

  /**
   * Class 28 is a wrong password or a rule of pg_hba.conf, as where TLS is asked for; 3D an unknown
   * database.
   */
  static boolean isRefusal(String state) {
    return state.startsWith("28") || state.startsWith("3D");
  }

  static String all(List<PassedOver> hosts) {
    return hosts.stream().map(PassedOver::toString).collect(Collectors.joining(", "));
  }

  private static Optional<String> state(Throwable error) {
    return switch (error) {
      case R2dbcException e -> Optional.ofNullable(e.getSqlState());
      case SQLException e -> Optional.ofNullable(e.getSQLState());
      default -> Optional.empty();
    };
  }

  private static Throwable root(Throwable error) {
    var root = error;
    for (int depth = 0; root.getCause() != null && depth < 10; depth++) {
      root = root.getCause();
    }
    return root;
  }

  private static String line(Throwable error) {
    @Nullable String message = error.getMessage();
    var line = message == null ? error.getClass().getSimpleName() : message;
    var first = line.lines().findFirst().orElse("");
    return first.length() > LONGEST ? first.substring(0, LONGEST) : first;
  }

  @Override
  public String toString() {
    return host + " " + reason;
  }
}
