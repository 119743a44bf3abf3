package dev.weir.auth.exchange;

import java.util.Optional;
import java.util.UUID;
import org.springframework.web.reactive.function.server.ServerRequest;

/** Reads the {id} of a path; one that is no UUID names nothing, which is all a caller may learn. */
public final class PathId {
  private PathId() {}

  public static Optional<UUID> of(ServerRequest request) {
    var text = request.pathVariable("id");
    try {
      return Optional.of(UUID.fromString(text)).filter(id -> id.toString().equals(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
