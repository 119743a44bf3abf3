package dev.weir.contenders.stock;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.springframework.cloud.gateway.filter.ratelimit.KeyResolver;
import org.springframework.cloud.gateway.filter.ratelimit.PrincipalNameKeyResolver;
import org.springframework.cloud.gateway.filter.ratelimit.RedisRateLimiter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Profile;
import reactor.core.publisher.Mono;

/**
 * The stock limiter, one bean per tier: each keeps its settings by route, so that one bean cannot
 * hold two tiers of the same route.
 */
@Configuration(proxyBeanMethods = false)
@Profile({"throttle", "full"})
class LimitConfiguration {
  private static final int CALLER_PER_SECOND = 100_000;
  private static final int ADDRESS_PER_SECOND = 1_000_000;

  @Bean
  @Primary
  KeyResolver principalNameKeyResolver() {
    return new PrincipalNameKeyResolver();
  }

  @Bean
  KeyResolver addressKeyResolver() {
    return exchange -> {
      InetSocketAddress peer = Objects.requireNonNull(exchange.getRequest().getRemoteAddress());
      return Mono.just(peer.getAddress().getHostAddress());
    };
  }

  @Bean
  @Primary
  RedisRateLimiter callerLimiter() {
    return new RedisRateLimiter(CALLER_PER_SECOND, CALLER_PER_SECOND, 1);
  }

  /** Five a minute: a token a second, twelve of them for a request, room for sixty. */
  @Bean
  RedisRateLimiter limitedLimiter() {
    return new RedisRateLimiter(1, 60, 12);
  }

  @Bean
  RedisRateLimiter addressLimiter() {
    return new RedisRateLimiter(ADDRESS_PER_SECOND, ADDRESS_PER_SECOND, 1);
  }
}
