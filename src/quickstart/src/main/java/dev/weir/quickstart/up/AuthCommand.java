package dev.weir.quickstart.up;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The commands {@code user}, {@code keys} and {@code audit}: runs the auth service's command of
 * that name against the stores of a local run, with the secrets of its state folder.
 */
public final class AuthCommand {
  private static final int FAILED = 1;

  private AuthCommand() {}

  /** Returns the exit status of the command. */
  public static int run(List<String> arguments, Map<String, String> environment) {
    try {
      var settings = Settings.of(List.of(), environment);
      if (!Files.isDirectory(settings.state().resolve("secrets"))) {
        System.err.println("weir: nothing has run in " + settings.state() + "; start ./weir up");
        return FAILED;
      }
      return start(settings, arguments).waitFor();
    } catch (IOException e) {
      System.err.println("weir: " + e);
      return FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }

  private static Process start(Settings settings, List<String> arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-jar",
            settings.home().resolve("auth-service/target/auth-service.jar").toString()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).inheritIO();
    builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
    builder
        .environment()
        .putAll(new AuthVariables(settings, settings.state(), new SecureRandom()).map());
    settings
        .environment()
        .forEach(
            (name, value) -> {
              if (name.startsWith("WEIR_AUTH_")) {
                builder.environment().put(name, value);
              }
            });
    return builder.start();
  }
}
