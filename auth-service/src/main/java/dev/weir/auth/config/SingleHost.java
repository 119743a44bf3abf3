package dev.weir.auth.config;

import dev.weir.auth.config.PrimaryConnections.Candidate;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import reactor.core.publisher.Mono;

/**
 * Opens connections to the one host that there is, which is taken as it is: it may be a replica.
 */
record SingleHost(Candidate host) implements ConnectionFactory {
  @Override
  public Mono<Connection> create() {
    return host.driver()
        .create()
        .cast(Connection.class)
        .onErrorMap(error -> TlsFault.of(error).isPresent(), this::told);
  }

  /** What the driver says of it names no host. */
  private Throwable told(Throwable error) {
    var reason = PassedOver.after(host.host(), error).toString();
    return new R2dbcNonTransientResourceException(reason, error);
  }

  @Override
  public ConnectionFactoryMetadata getMetadata() {
    return host.driver().getMetadata();
  }
}
