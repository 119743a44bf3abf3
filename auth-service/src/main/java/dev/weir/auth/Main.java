package dev.weir.auth;

import dev.weir.auth.config.AuthService;
import dev.weir.auth.config.SettingSources;
import dev.weir.auth.config.SettingsReader;
import dev.weir.auth.config.StartRefused;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the process, and says in one line why it will not. */
public final class Main {
  private Main() {}

  @SuppressWarnings("SystemOut") // whoever starts the process reads the reason on its stderr
  public static void main(String[] args) {
    try {
      if (args.length > 0 && Commands.isCommand(args[0])) {
        System.exit(Commands.run(args[0], List.of(args).subList(1, args.length)));
      }
      var settings = SettingsReader.read(SettingSources.ofProcess(args));
      drainOnSignal(AuthService.start(settings, InstantSource.system()));
    } catch (RuntimeException e) {
      System.err.println("weir-auth: " + reason(e));
      System.exit(1);
    }
  }

  /**
   * A signal lets running requests finish and ends the process with 0, where the JVM alone would
   * say 143.
   */
  private static void drainOnSignal(ConfigurableApplicationContext context) {
    var drain =
        Thread.ofPlatform()
            .name("drain")
            .unstarted(
                () -> {
                  context.close();
                  Runtime.getRuntime().halt(0);
                });
    Runtime.getRuntime().addShutdownHook(drain);
  }

  private static String reason(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StartRefused refused) {
        return refused.line();
      }
      if (cause instanceof PortInUseException taken) {
        return "port "
            + taken.getPort()
            + " is taken; stop what listens there, or set WEIR_AUTH_PORT or WEIR_AUTH_MANAGEMENT_PORT";
      }
    }
    return "cannot start (" + failure + "); this is a fault of the service, please report it";
  }
}
