package dev.weir.gateway.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import org.jspecify.annotations.Nullable;

/**
 * A user and the password last read. Lettuce asks for it on event loops, and waits for it even to
 * write an address into a message; the password may stand in a file. So whoever dials reads it
 * first, elsewhere.
 */
final class Credentials implements ImmediateRedisCredentialsProvider {
  private final RedisSettings.Login login;
  private volatile RedisCredentials held;

  Credentials(RedisSettings.Login login) {
    this.login = login;
    this.held = RedisCredentials.just(username(), "");
  }

  /** Reads the password; blocks. */
  void read() {
    held = RedisCredentials.just(username(), login.password().get());
  }

  private @Nullable String username() {
    return login.username().isEmpty() ? null : login.username();
  }

  @Override
  public RedisCredentials resolveCredentialsNow() {
    return held;
  }
}
