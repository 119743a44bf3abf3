package dev.weir.auth.redis;

import dev.weir.auth.session.Revocation;
import dev.weir.auth.session.RevocationFeed;
import io.lettuce.core.ScriptOutputType;
import reactor.core.publisher.Mono;

/**
 * Publishes revocations: a key that says so and a stream entry that tells every gateway, in one
 * script. The stream is cut at fifteen minutes, so that reading it from its start gives everything
 * that still matters.
 */
public final class RedisRevocationFeed implements RevocationFeed {
  /**
   * An epoch never goes down: an older message that is delivered late must not undo a newer one.
   */
  private static final String PUBLISH =
      """
      local kind, id, value, exp, reason = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
      if kind == 'ue' then
        local held = tonumber(redis.call('GET', KEYS[1]) or '-1')
        redis.call('SET', KEYS[1], math.max(held, tonumber(value)), 'EX', 360)
      else
        redis.call('SET', KEYS[1], reason, 'EX', 360)
      end
      local now = redis.call('TIME')
      local oldest = (tonumber(now[1]) - 900) .. '000'
      return redis.call('XADD', KEYS[2], 'MINID', oldest, '*', 'kind', kind, 'id', id,
        'value', value, 'exp', exp, 'reason', reason)
      """;

  private final RedisLink link;
  private final String prefix;

  public RedisRevocationFeed(RedisLink link, String prefix) {
    this.link = link;
    this.prefix = prefix;
  }

  @Override
  public Mono<Void> publish(Revocation revocation) {
    var key =
        switch (revocation.kind()) {
          case SID -> prefix + "rev:sid:" + revocation.id();
          case UE -> prefix + "ue:" + revocation.id();
        };
    var keys = new String[] {key, prefix + "rev:stream"};
    return link.call(
            redis ->
                redis.eval(
                    PUBLISH,
                    ScriptOutputType.VALUE,
                    keys,
                    revocation.kind().wire(),
                    revocation.id().toString(),
                    revocation.value(),
                    Long.toString(revocation.expiresAt()),
                    revocation.reason()))
        .then();
  }
}
