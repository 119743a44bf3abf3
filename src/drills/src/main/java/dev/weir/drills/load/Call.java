package dev.weir.drills.load;

import java.util.function.Supplier;

/**
 * A request that is sent again and again.
 *
 * @param token asked for each time; an empty one: no Authorization field
 * @param body JSON; empty: there is none
 */
public record Call(String method, String path, Supplier<String> token, String body) {
  /** A GET whose token may change while the run lasts. */
  public static Call get(String path, Supplier<String> token) {
    return new Call("GET", path, token, "");
  }

  /** A GET with one token; an empty one sends none. */
  public static Call get(String path, String token) {
    return get(path, () -> token);
  }

  /** A POST of JSON. */
  public static Call post(String path, String body) {
    return new Call("POST", path, () -> "", body);
  }
}
