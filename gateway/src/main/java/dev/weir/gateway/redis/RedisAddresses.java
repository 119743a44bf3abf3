package dev.weir.gateway.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where to dial, as Lettuce has it.
 *
 * @param uris the one server, or the one that Sentinel is asked for; of a cluster, nodes of it
 * @param credentials the passwords in them, to be read before each dial
 */
record RedisAddresses(List<RedisURI> uris, List<Credentials> credentials) {
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(2);

  static RedisAddresses of(RedisSettings settings) {
    Optional<Credentials> data = credentials(settings.login());
    if (settings.sentinel().isEmpty()) {
      return new RedisAddresses(uris(settings, data), data.stream().toList());
    }
    RedisSettings.Sentinel sentinel = settings.sentinel().get();
    Optional<Credentials> watchers = credentials(sentinel.login());
    List<Credentials> all = new ArrayList<>(data.stream().toList());
    watchers.ifPresent(all::add);
    RedisURI uri = bySentinel(sentinel.master(), uris(settings, watchers), data);
    return new RedisAddresses(List.of(uri), all);
  }

  private static Optional<Credentials> credentials(RedisSettings.Login login) {
    return login.equals(RedisSettings.Login.NONE)
        ? Optional.empty()
        : Optional.of(new Credentials(login));
  }

  private static List<RedisURI> uris(RedisSettings settings, Optional<Credentials> credentials) {
    List<RedisURI> uris = settings.uris().stream().map(RedisURI::create).toList();
    for (RedisURI uri : uris) {
      uri.setTimeout(HANDSHAKE_TIMEOUT);
      credentials.ifPresent(uri::setCredentialsProvider);
    }
    return uris;
  }

  /** Sentinels know the master's address and no more: all else about it stands in this URI. */
  private static RedisURI bySentinel(
      String master, List<RedisURI> sentinels, Optional<Credentials> credentials) {
    RedisURI uri = new RedisURI();
    uri.setTimeout(HANDSHAKE_TIMEOUT);
    uri.setSentinelMasterId(master);
    uri.setSsl(sentinels.getFirst().isSsl());
    uri.getSentinels().addAll(sentinels);
    credentials.ifPresent(uri::setCredentialsProvider);
    return uri;
  }
}
