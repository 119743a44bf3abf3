package dev.weir.drills.load;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A request that is sent again and again.
 *
 * @param next what the next one carries, asked on the clients' event loop when it is due; nothing
 *     where whoever would send it has nothing to send, and then none is sent
 */
public record Call(String method, String path, Supplier<Optional<Asked>> next) {
  /** A GET whose token may change while the run lasts. */
  public static Call get(String path, Supplier<String> token) {
    return new Call("GET", path, () -> Optional.of(Asked.of(token.get(), "")));
  }

  /** A GET with one token; an empty one sends none. */
  public static Call get(String path, String token) {
    return get(path, () -> token);
  }

  /** A POST of JSON. */
  public static Call post(String path, String body) {
    return new Call("POST", path, () -> Optional.of(Asked.of("", body)));
  }
}
