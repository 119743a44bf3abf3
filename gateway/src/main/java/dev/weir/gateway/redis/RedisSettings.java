package dev.weir.gateway.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where Redis is and how to get in.
 *
 * @param uris {@code redis://} or {@code rediss://}: of the server; of the Sentinels; or of some of
 *     a cluster's nodes
 * @param sentinel whom to ask Sentinel for; empty in the other modes
 * @param login of the servers that hold data; one in a URI counts where this is none
 * @param authorities PEM file of who may have signed a server's certificate; the JDK's where empty
 * @param drawTimeout how long a draw may take before its limit does its on-redis-loss
 */
public record RedisSettings(
    Mode mode,
    List<String> uris,
    Optional<Sentinel> sentinel,
    Login login,
    Optional<Path> authorities,
    Duration drawTimeout) {

  /** How the servers stand to each other. */
  public enum Mode {
    STANDALONE,
    SENTINEL,
    CLUSTER
  }

  /**
   * What Sentinel is asked for.
   *
   * @param master the name by which Sentinel knows the master
   */
  public record Sentinel(String master, Login login) {}

  /**
   * An ACL user.
   *
   * @param username empty: the default user
   * @param password asked for at each new connection, off the event loops; empty: no login
   */
  public record Login(String username, Supplier<String> password) {
    /** Nobody logs in. */
    public static final Login NONE = new Login("", () -> "");
  }

  /** Checks what the modes ask for. */
  public RedisSettings {
    uris = List.copyOf(uris);
    if (uris.isEmpty() || (mode == Mode.STANDALONE && uris.size() > 1)) {
      throw new IllegalArgumentException(mode + " cannot have " + uris.size() + " URIs");
    }
    if (sentinel.isPresent() != (mode == Mode.SENTINEL)) {
      throw new IllegalArgumentException(
          "a master's name belongs to sentinel mode, and only there");
    }
  }

  /** One server, as its URI says. */
  public static RedisSettings standalone(String uri, Duration drawTimeout) {
    return new RedisSettings(
        Mode.STANDALONE, List.of(uri), Optional.empty(), Login.NONE, Optional.empty(), drawTimeout);
  }
}
