package dev.weir.auth.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * As whom to come to Redis: the default user where the name is empty. The password is asked for at
 * each connection, on an event loop, so the answer is there already.
 */
public record RedisLogin(String user, Supplier<String> password)
    implements ImmediateRedisCredentialsProvider {
  @Override
  public RedisCredentials resolveCredentialsNow() {
    return RedisCredentials.just(username(), password.get());
  }

  private @Nullable String username() {
    return user.isEmpty() ? null : user;
  }
}
