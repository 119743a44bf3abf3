package dev.weir.auth.cli;

import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.administration.AccountImport;
import dev.weir.auth.administration.AccountImport.Proof;
import dev.weir.auth.password.StoredHash;
import dev.weir.auth.session.Origin;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * {@code user import FILE}: a line for an account, {@code ADDRESS HASH} or {@code ADDRESS HASH
 * proven}. Lines that cannot be taken are told by their number, never by what is in them, and the
 * others go on.
 */
public final class ImportCommand {
  private static final int FAILED = 1;
  private static final int AT_ONCE = 8;
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Origin HERE = new Origin("127.0.0.1", "command-line");

  private final AccountImport accounts;
  private final PrintStream out;
  private final AtomicLong line = new AtomicLong();
  private final AtomicLong added = new AtomicLong();
  private final AtomicLong present = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  public ImportCommand(AccountImport accounts, PrintStream out) {
    this.accounts = accounts;
    this.out = out;
  }

  /** Tells whether the arguments are this command. */
  public static boolean isUsable(List<String> arguments) {
    return arguments.size() == 2 && arguments.getFirst().equals("import");
  }

  /** Returns the exit status: 0 if every line was taken, or had been before. */
  public int run(List<String> arguments) {
    try (var lines = Files.lines(Path.of(arguments.get(1)))) {
      Flux.fromStream(lines)
          .map(text -> new Line(line.incrementAndGet(), text.strip()))
          .filter(each -> !each.text().isEmpty() && !each.text().startsWith("#"))
          .flatMap(this::take, AT_ONCE)
          .blockLast();
    } catch (IOException e) {
      out.println("cannot read " + arguments.get(1));
      return FAILED;
    }
    out.printf(
        Locale.ROOT,
        "%d imported, %d were there already, %d refused%n",
        added.get(),
        present.get(),
        refused.get());
    return refused.get() == 0 ? 0 : FAILED;
  }

  private Mono<Boolean> take(Line line) {
    var fields = List.of(BLANKS.split(line.text(), -1));
    if (fields.size() < 2 || fields.size() > 3 || (fields.size() == 3 && !isProven(fields))) {
      return refuse(line, "is not ADDRESS HASH, or ADDRESS HASH proven");
    }
    var email = EmailAddress.parse(fields.getFirst());
    if (email.isEmpty()) {
      return refuse(line, "has no e-mail address");
    }
    var hash = StoredHash.imported(fields.get(1));
    if (hash.isEmpty()) {
      return refuse(line, "has a hash of no kind that is known, or that costs too much to check");
    }
    var proof = isProven(fields) ? Proof.PROVEN : Proof.UNPROVEN;
    return accounts
        .add(email.get(), hash.get(), proof, HERE)
        .doOnNext(isNew -> (isNew ? added : present).incrementAndGet());
  }

  private static boolean isProven(List<String> fields) {
    return fields.size() == 3 && fields.get(2).equals("proven");
  }

  private Mono<Boolean> refuse(Line line, String why) {
    refused.incrementAndGet();
    out.printf(Locale.ROOT, "line %d %s%n", line.number(), why);
    return Mono.empty();
  }

  private record Line(long number, String text) {
    @Override
    public String toString() {
      return "Line[" + number + "]";
    }
  }
}
