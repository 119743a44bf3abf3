package dev.weir.gateway;

import dev.weir.gateway.cli.CheckCommand;
import dev.weir.gateway.config.EventLoops;
import dev.weir.gateway.config.GatewayApplication;
import dev.weir.gateway.config.StartFailure;
import java.util.Arrays;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the gateway, or runs a subcommand without starting Spring. */
public final class Main {
  private Main() {}

  /** Runs {@code check FILE}, or the gateway where no subcommand is given. */
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals("check")) {
      System.exit(
          CheckCommand.run(Arrays.copyOfRange(args, 1, args.length), System.out, System.err));
    }
    try {
      EventLoops.oneForEachProcessor();
      drainOnSignal(GatewayApplication.start(args));
    } catch (RuntimeException e) {
      StartFailure.lines(e).forEach(line -> System.err.println("weir-gateway: " + line));
      System.exit(1);
    }
  }

  /**
   * A signal lets running requests finish and ends the process with 0, where the JVM alone would
   * say 143.
   */
  private static void drainOnSignal(ConfigurableApplicationContext context) {
    Thread drain =
        Thread.ofPlatform()
            .name("drain")
            .unstarted(
                () -> {
                  context.close();
                  Runtime.getRuntime().halt(0);
                });
    Runtime.getRuntime().addShutdownHook(drain);
  }
}
