package dev.weir.auth.testing;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.ConnectionFactoryOptions;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Connections as the service has them, that remember each statement that was made on them. */
public record RecordedConnections(ConnectionFactory real, List<String> recorded)
    implements ConnectionFactory {

  public static RecordedConnections of(TestSystem system) {
    var options =
        ConnectionFactoryOptions.builder()
            .option(ConnectionFactoryOptions.DRIVER, "postgresql")
            .option(ConnectionFactoryOptions.HOST, "127.0.0.1")
            .option(ConnectionFactoryOptions.PORT, system.postgres().getPort())
            .option(ConnectionFactoryOptions.DATABASE, "postgres")
            .option(ConnectionFactoryOptions.USER, "auth_app")
            .option(ConnectionFactoryOptions.PASSWORD, "of the application")
            .build();
    return new RecordedConnections(ConnectionFactories.get(options), new CopyOnWriteArrayList<>());
  }

  public List<String> statements() {
    return List.copyOf(recorded);
  }

  @Override
  public Publisher<? extends Connection> create() {
    return Mono.from(real.create()).map(this::recording);
  }

  @Override
  public ConnectionFactoryMetadata getMetadata() {
    return real.getMetadata();
  }

  private Connection recording(Connection connection) {
    InvocationHandler handler =
        (_, method, arguments) -> {
          if (method.getName().equals("createStatement")) {
            recorded.add((String) arguments[0]);
          }
          try {
            return method.invoke(connection, arguments);
          } catch (InvocationTargetException e) {
            throw e.getTargetException();
          }
        };
    var loader = RecordedConnections.class.getClassLoader();
    return (Connection) Proxy.newProxyInstance(loader, new Class<?>[] {Connection.class}, handler);
  }
}
