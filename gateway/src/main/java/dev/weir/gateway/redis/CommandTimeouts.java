package dev.weir.gateway.redis;

import io.lettuce.core.TimeoutOptions.TimeoutSource;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** How long each kind of command may take: a draw little, a read that waits for a stream more. */
final class CommandTimeouts extends TimeoutSource {
  private static final long OTHER_MILLIS = 2000;
  private static final Set<ProtocolKeyword> DRAWS = Set.of(CommandType.EVAL, CommandType.EVALSHA);

  private final long drawMillis;

  CommandTimeouts(Duration draw) {
    this.drawMillis = draw.toMillis();
  }

  @Override
  public long getTimeout(RedisCommand<?, ?, ?> command) {
    if (DRAWS.contains(command.getType())) {
      return drawMillis;
    }
    return command.getType() == CommandType.XREAD
        ? RedisRevocationFeed.TIMEOUT.toMillis()
        : OTHER_MILLIS;
  }

  @Override
  public TimeUnit getTimeUnit() {
    return TimeUnit.MILLISECONDS;
  }
}
