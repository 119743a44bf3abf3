package dev.weir.auth.idempotency;

import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.web.reactive.function.server.ServerRequest;

/** Reads the Idempotency-Key header: one structured-field string, in quotes. */
final class IdempotencyKey {
  private static final Pattern QUOTED =
      Pattern.compile("\"([\\x21\\x23-\\x5b\\x5d-\\x7e]{1,128})\"");

  private IdempotencyKey() {}

  static Optional<String> of(ServerRequest request) {
    var headers = request.headers().header("Idempotency-Key");
    if (headers.isEmpty()) {
      return Optional.empty();
    }
    var matcher = QUOTED.matcher(headers.getFirst().strip());
    if (headers.size() > 1 || !matcher.matches()) {
      throw Refused.of(AuthError.IDEMPOTENCY_KEY_INVALID);
    }
    return Optional.of(matcher.group(1));
  }
}
