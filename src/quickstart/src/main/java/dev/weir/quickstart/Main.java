package dev.weir.quickstart;

import dev.weir.quickstart.demo.DemoServer;
import dev.weir.quickstart.train.Train;
import dev.weir.quickstart.up.AuthCommand;
import dev.weir.quickstart.up.Up;
import java.util.List;

/** Dispatches the subcommands: the launcher, and the demo services that the launcher starts. */
public final class Main {
  private static final int MISUSED = 2;

  private Main() {}

  public static void main(String[] args) {
    var arguments = List.of(args);
    switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
      case "up" -> System.exit(Up.run(arguments.subList(1, arguments.size()), System.getenv()));
      case "user", "keys", "audit" -> System.exit(AuthCommand.run(arguments, System.getenv()));
      case "train" -> System.exit(Train.run(args[1]));
      case "orders" ->
          DemoServer.runOrders(args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]));
      case "echo" -> DemoServer.runEcho(Integer.parseInt(args[1]));
      default -> {
        System.err.println(
            "usage: quickstart up [--routes FILE] [--fresh] | user ACTION ADDRESS [ROLE]"
                + " | keys ACTION | audit verify"
                + " | train FOLDER | orders NAME PORT PEER | echo PORT");
        System.exit(MISUSED);
      }
    }
  }
}
