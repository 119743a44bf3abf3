package dev.weir.auth.cli;

import dev.weir.auth.key.KeyFacts;
import dev.weir.auth.key.KeyStore;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.RenewalJob;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code keys ACTION}: the keys that are stored in the database, without their secrets, and what an
 * operator may ask for: a successor of one, and to renew at once what rests under an old one.
 */
public final class KeysCommand {
  public static final String USAGE =
      """
      usage: keys list            every key: id, use, state, since when, and the key-encryption key it is stored under
             keys rotate USE      a successor for sign, field, pepper, blind_index, csrf, device or audit; it takes over ten minutes later
                                  or more, sign at once, where the next key has been published for long enough
             keys retire KID      withdraws a sign, csrf or device key at once that has been succeeded: what was made under it is refused
             keys renew           renews now what rests under keys that are being replaced, and retires those that nothing is under
      """;

  private static final int FAILED = 1;
  private static final int MISUSED = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final KeyStore store;
  private final RenewalJob renewal;
  private final PrintStream out;

  public KeysCommand(KeyStore store, RenewalJob renewal, PrintStream out) {
    this.store = store;
    this.renewal = renewal;
    this.out = out;
  }

  /** Tells whether the arguments are a command at all, before anything is started for them. */
  public static boolean isUsable(List<String> arguments) {
    return switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
      case "list", "renew" -> arguments.size() == 1;
      case "retire" -> arguments.size() == 2;
      case "rotate" -> arguments.size() == 2 && use(arguments.get(1)).isPresent();
      default -> false;
    };
  }

  /** Returns the exit status. */
  public int run(List<String> arguments) {
    if (!isUsable(arguments)) {
      out.print(USAGE);
      return MISUSED;
    }
    switch (arguments.getFirst()) {
      case "retire" -> store.withdraw(arguments.get(1)).block(PATIENCE);
      case "rotate" -> store.rotateNow(use(arguments.get(1)).orElseThrow()).block(PATIENCE);
      // As long as it takes: a walk over every row.
      case "renew" -> out.printf(Locale.ROOT, "%d met%n", renewal.now().blockOptional().orElse(0L));
      default -> {}
    }
    var keys = store.list().blockOptional(PATIENCE).orElseThrow();
    keys.forEach(this::show);
    return arguments.getFirst().equals("retire") ? retired(keys, arguments.get(1)) : 0;
  }

  private int retired(List<KeyFacts> keys, String kid) {
    if (keys.stream().anyMatch(key -> key.kid().equals(kid) && key.state().equals("retired"))) {
      return 0;
    }
    out.println("not retired: " + kid + " is no sign, csrf or device key that has been succeeded");
    return FAILED;
  }

  private static Optional<KeyUse> use(String name) {
    return Arrays.stream(KeyUse.values())
        .filter(use -> use.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst();
  }

  private void show(KeyFacts key) {
    out.printf(
        Locale.ROOT,
        "%-18s %-12s %-9s since %s under %s%n",
        key.kid(),
        key.use(),
        key.state(),
        key.since(),
        key.kekId());
  }
}
