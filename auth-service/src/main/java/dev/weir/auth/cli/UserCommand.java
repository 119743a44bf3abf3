package dev.weir.auth.cli;

import dev.weir.auth.account.AccountDetails;
import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.administration.Administration;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.Session;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * {@code user ACTION ADDRESS [ROLE]}: what an administrator may do by HTTP, for whoever holds the
 * service's own settings; also how the first administrator comes to be. Gateways hear of what ends
 * through the outbox of the running service, a second or two later.
 */
public final class UserCommand {
  public static final String USAGE =
      """
      usage: user create ADDRESS        an account without a password; its holder gets a code to set one
             user import FILE           accounts with hashes of another system, a line each: ADDRESS HASH [proven]
             user show ADDRESS          what is known of an account
             user sessions ADDRESS      its open sessions
             user disable ADDRESS       no login any more, and every session ends
             user enable ADDRESS        undoes that
             user logout ADDRESS        every session ends
             user unfactor ADDRESS      takes second factors that were lost; every session ends
             user grant ADDRESS ROLE    gives a role
             user revoke ADDRESS ROLE   takes a role, and the access tokens that hold it
      """;

  private static final int FAILED = 1;
  private static final int MISUSED = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Origin HERE = new Origin("127.0.0.1", "command-line");

  private final Administration administration;
  private final PrintStream out;

  public UserCommand(Administration administration, PrintStream out) {
    this.administration = administration;
    this.out = out;
  }

  /** Tells whether the arguments are a command at all, before anything is started for them. */
  public static boolean isUsable(List<String> arguments) {
    int length = arguments.size();
    return switch (length == 0 ? "" : arguments.getFirst()) {
      case "create", "show", "sessions", "disable", "enable", "logout", "unfactor" -> length == 2;
      case "grant", "revoke" -> length == 3;
      default -> false;
    };
  }

  /** Returns the exit status. */
  public int run(List<String> arguments) {
    var email = isUsable(arguments) ? EmailAddress.parse(arguments.get(1)) : none();
    if (email.isEmpty()) {
      out.print(USAGE);
      return MISUSED;
    }
    try {
      carryOut(arguments, email.get()).block(PATIENCE);
      return 0;
    } catch (Refused refused) {
      out.println(refused.problem().detail() + " (" + refused.problem().error().code() + ")");
      return FAILED;
    }
  }

  private static Optional<EmailAddress> none() {
    return Optional.empty();
  }

  private Mono<?> carryOut(List<String> arguments, EmailAddress email) {
    return switch (arguments.getFirst()) {
      case "create" -> administration.create(email, HERE).doOnNext(this::show);
      case "show" -> user(email).doOnNext(this::show);
      case "sessions" ->
          user(email)
              .flatMap(user -> administration.sessions(user.account().id()))
              .doOnNext(sessions -> sessions.forEach(this::show));
      case "disable" -> user(email).flatMap(u -> administration.disable(u.account().id(), HERE));
      case "enable" -> user(email).flatMap(u -> administration.enable(u.account().id(), HERE));
      case "logout" -> user(email).flatMap(u -> administration.logout(u.account().id(), HERE));
      case "unfactor" ->
          user(email).flatMap(u -> administration.removeFactors(u.account().id(), HERE));
      case "grant" ->
          user(email).flatMap(u -> administration.grant(u.account().id(), arguments.get(2), HERE));
      case "revoke" ->
          user(email).flatMap(u -> administration.take(u.account().id(), arguments.get(2), HERE));
      default -> throw new IllegalArgumentException(arguments.getFirst());
    };
  }

  private Mono<AccountDetails> user(EmailAddress email) {
    return administration
        .find(email)
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.NOT_FOUND)));
  }

  private void show(AccountDetails user) {
    out.printf(
        Locale.ROOT,
        "%s %s %s roles %s, address %s%n",
        user.account().id(),
        user.email(),
        user.account().status().name().toLowerCase(Locale.ROOT),
        String.join(",", user.account().roles()),
        user.verifiedAt().isPresent() ? "proven" : "not proven");
  }

  private void show(Session session) {
    out.printf(
        Locale.ROOT,
        "%s since %s, last used %s, %s, %s%n",
        session.id(),
        session.lifetime().createdAt(),
        session.lifetime().lastUsedAt(),
        session.acr(),
        session.client().userAgent());
  }
}
