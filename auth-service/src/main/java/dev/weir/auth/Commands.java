package dev.weir.auth;

import dev.weir.auth.administration.AccountImport;
import dev.weir.auth.administration.Administration;
import dev.weir.auth.audit.AuditVerification;
import dev.weir.auth.cli.AuditCommand;
import dev.weir.auth.cli.ImportCommand;
import dev.weir.auth.cli.KeysCommand;
import dev.weir.auth.cli.UserCommand;
import dev.weir.auth.config.AuthService;
import dev.weir.auth.config.SettingSources;
import dev.weir.auth.config.SettingsReader;
import dev.weir.auth.key.KeyStore;
import dev.weir.auth.key.RenewalJob;
import java.util.List;
import java.util.function.ToIntFunction;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs a command in place of the service, with the service's own settings. */
@SuppressWarnings("SystemOut") // a command answers on its stdout
final class Commands {
  private static final int MISUSED = 2;

  private Commands() {}

  static boolean isCommand(String name) {
    return List.of("user", "keys", "audit").contains(name);
  }

  /** Returns the exit status; misuse is told without a look at settings or database. */
  static int run(String name, List<String> arguments) {
    return switch (name) {
      case "user" -> user(arguments);
      case "keys" ->
          KeysCommand.isUsable(arguments)
              ? within(context -> keys(context, arguments))
              : misused(KeysCommand.USAGE);
      case "audit" ->
          AuditCommand.isUsable(arguments) ? within(Commands::audit) : misused(AuditCommand.USAGE);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static int user(List<String> arguments) {
    if (ImportCommand.isUsable(arguments)) {
      return within(context -> imported(context, arguments));
    }
    return UserCommand.isUsable(arguments)
        ? within(context -> user(context, arguments))
        : misused(UserCommand.USAGE);
  }

  private static int user(ConfigurableApplicationContext context, List<String> arguments) {
    return new UserCommand(context.getBean(Administration.class), System.out).run(arguments);
  }

  private static int imported(ConfigurableApplicationContext context, List<String> arguments) {
    return new ImportCommand(context.getBean(AccountImport.class), System.out).run(arguments);
  }

  private static int keys(ConfigurableApplicationContext context, List<String> arguments) {
    var store = context.getBean(KeyStore.class);
    var renewal = context.getBean(RenewalJob.class);
    return new KeysCommand(store, renewal, System.out).run(arguments);
  }

  private static int audit(ConfigurableApplicationContext context) {
    return new AuditCommand(context.getBean(AuditVerification.class), System.out).run();
  }

  private static int within(ToIntFunction<ConfigurableApplicationContext> command) {
    var settings = SettingsReader.read(SettingSources.ofProcess(new String[0]));
    try (var context = AuthService.openForCommand(settings)) {
      return command.applyAsInt(context);
    }
  }

  private static int misused(String usage) {
    System.out.print(usage);
    return MISUSED;
  }
}
