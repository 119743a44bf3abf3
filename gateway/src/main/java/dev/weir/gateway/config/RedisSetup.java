package dev.weir.gateway.config;

import dev.weir.gateway.redis.RedisSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What WEIR_REDIS_* say together: who is asked for what, with which password, trusting whom. No
 * problem quotes a URI or a password.
 */
final class RedisSetup {
  private static final String PASSWORD = "_PASSWORD";
  private static final String FILE = "_PASSWORD_FILE";

  private final WeirProperties.Redis redis;
  private final List<String> problems = new ArrayList<>();

  private RedisSetup(WeirProperties.Redis redis) {
    this.redis = redis;
  }

  /** Returns one line per thing that does not fit together. */
  static List<String> problems(WeirProperties.Redis redis) {
    RedisSetup setup = new RedisSetup(redis);
    setup.uris();
    setup.sentinel();
    setup.login("WEIR_REDIS", redis.username(), redis.password(), redis.passwordFile());
    setup.login(
        "WEIR_REDIS_SENTINEL",
        redis.sentinel().username(),
        redis.sentinel().password(),
        redis.sentinel().passwordFile());
    setup.authorities();
    return List.copyOf(setup.problems);
  }

  /** Returns the settings; to be called where there are no problems. */
  static RedisSettings settings(WeirProperties.Redis redis) {
    WeirProperties.Sentinel sentinel = redis.sentinel();
    return new RedisSettings(
        redis.mode(),
        redis.uri(),
        redis.mode() == RedisSettings.Mode.SENTINEL
            ? Optional.of(
                new RedisSettings.Sentinel(
                    sentinel.master(),
                    login(sentinel.username(), sentinel.password(), sentinel.passwordFile())))
            : Optional.empty(),
        login(redis.username(), redis.password(), redis.passwordFile()),
        redis.caFile().isEmpty() ? Optional.empty() : Optional.of(Path.of(redis.caFile())),
        redis.timeout());
  }

  private static RedisSettings.Login login(String username, String password, String file) {
    if (password.isEmpty() && file.isEmpty()) {
      return RedisSettings.Login.NONE;
    }
    Supplier<String> secret = file.isEmpty() ? () -> password : () -> read(Path.of(file));
    return new RedisSettings.Login(username, secret);
  }

  /** Read at each new connection, so that a password can be changed under a running gateway. */
  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the password file cannot be read", e);
    }
  }

  private void uris() {
    if (redis.uri().isEmpty() || !redis.uri().stream().allMatch(RedisSetup::isRedisUri)) {
      problems.add(
          "WEIR_REDIS_URI cannot be its value; allowed: redis://HOST:PORT or rediss://HOST:PORT,"
              + " several with commas between where the mode is sentinel or cluster");
      return;
    }
    if (redis.mode() == RedisSettings.Mode.STANDALONE && redis.uri().size() > 1) {
      problems.add(
          "WEIR_REDIS_URI has several servers; set WEIR_REDIS_MODE to sentinel or cluster, or name"
              + " one");
    }
    List<URI> uris = redis.uri().stream().map(URI::create).toList();
    if (uris.stream().map(URI::getScheme).distinct().count() > 1) {
      problems.add("WEIR_REDIS_URI mixes redis:// and rediss://; allowed: one of them for all");
    }
    boolean hasLogin = uris.stream().anyMatch(uri -> uri.getRawUserInfo() != null);
    if (hasLogin && !(redis.password().isEmpty() && redis.passwordFile().isEmpty())) {
      problems.add(
          "WEIR_REDIS_URI holds a password beside WEIR_REDIS_PASSWORD or its _FILE; allowed: one");
    }
    if (redis.mode() == RedisSettings.Mode.CLUSTER && uris.stream().anyMatch(RedisSetup::hasPath)) {
      problems.add("WEIR_REDIS_URI names a database; a cluster has only one");
    }
  }

  private static boolean hasPath(URI uri) {
    return !Set.of("", "/", "/0").contains(uri.getPath());
  }

  private static boolean isRedisUri(String text) {
    try {
      URI uri = URI.create(text);
      return Set.of("redis", "rediss").contains(String.valueOf(uri.getScheme()))
          && uri.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void sentinel() {
    WeirProperties.Sentinel sentinel = redis.sentinel();
    boolean isUsed = redis.mode() == RedisSettings.Mode.SENTINEL;
    if (isUsed && sentinel.master().isBlank()) {
      problems.add(
          "WEIR_REDIS_SENTINEL_MASTER is missing: the name by which Sentinel knows the master");
    }
    if (!isUsed && !sentinel.equals(WeirProperties.Sentinel.NONE)) {
      problems.add("WEIR_REDIS_SENTINEL_* mean nothing unless WEIR_REDIS_MODE is sentinel");
    }
  }

  private void login(String prefix, String username, String password, String file) {
    if (!password.isEmpty() && !file.isEmpty()) {
      problems.add(prefix + PASSWORD + " and " + prefix + FILE + " are both set; allowed: one");
    }
    if (!username.isEmpty() && password.isEmpty() && file.isEmpty()) {
      problems.add(
          prefix + "_USERNAME has no password; set " + prefix + PASSWORD + " or " + prefix + FILE);
    }
    if (!file.isEmpty() && !holdsText(Path.of(file))) {
      problems.add(prefix + FILE + " cannot be '" + file + "'; allowed: a readable, filled file");
    }
  }

  private static boolean holdsText(Path file) {
    try {
      return !read(file).isEmpty();
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private void authorities() {
    String file = redis.caFile();
    if (file.isEmpty()) {
      return;
    }
    if (redis.uri().stream().noneMatch(uri -> uri.startsWith("rediss:"))) {
      problems.add("WEIR_REDIS_CA_FILE means nothing without rediss:// in WEIR_REDIS_URI");
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
        refuseAuthorities(file);
      }
    } catch (IOException | CertificateException e) {
      refuseAuthorities(file);
    }
  }

  private void refuseAuthorities(String file) {
    problems.add("WEIR_REDIS_CA_FILE cannot be '" + file + "'; allowed: certificates in PEM");
  }
}
