package dev.weir.gateway.cli;

import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.RouteTable;
import dev.weir.gateway.routefile.JsonText;
import dev.weir.gateway.routefile.Problem;
import dev.weir.gateway.routefile.ProblemCode;
import dev.weir.gateway.routefile.RouteFile;
import dev.weir.gateway.routefile.RouteFile.Outcome;
import dev.weir.gateway.routefile.Severity;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says whether a route file is sound, without a gateway: {@code check FILE [--output text|json]}.
 * Exits with 0 when it is, 1 with every problem when it is not, 2 when there is nothing to check.
 */
public final class CheckCommand {
  private static final String USAGE = "usage: check FILE [--output text|json]";

  private record Request(Path file, boolean json) {}

  private CheckCommand() {}

  /** Runs the command on what follows its name, and returns the exit status. */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    Request request;
    try {
      request = request(List.of(args));
    } catch (IllegalArgumentException wrong) {
      err.println("weir check: " + wrong.getMessage() + "; " + USAGE);
      return 2;
    }
    Outcome outcome = RouteFile.read(request.file());
    List<Problem> problems =
        switch (outcome) {
          case Outcome.Compiled(RouteTable ignored, List<Problem> warnings) -> warnings;
          case Outcome.Broken(List<Problem> all) -> all;
        };
    if (isUnreadable(problems)) {
      err.println("weir check: " + request.file() + ": " + problems.getFirst().message());
      return 2;
    }
    out.print(
        request.json()
            ? json(request.file(), outcome, problems)
            : text(request.file(), outcome, problems, out));
    out.flush();
    return outcome instanceof Outcome.Compiled ? 0 : 1;
  }

  private static boolean isUnreadable(List<Problem> problems) {
    return !problems.isEmpty() && problems.getFirst().code() == ProblemCode.UNREADABLE_FILE;
  }

  private static Request request(List<String> args) {
    String file = "";
    String output = "text";
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (arg.equals("--output") && i + 1 < args.size()) {
        i++;
        output = args.get(i);
      } else if (arg.startsWith("--output=")) {
        output = arg.substring("--output=".length());
      } else if (arg.startsWith("-") || !file.isEmpty()) {
        throw new IllegalArgumentException("unexpected argument '" + arg + "'");
      } else {
        file = arg;
      }
    }
    if (file.isEmpty()) {
      throw new IllegalArgumentException("no file given");
    }
    if (!output.equals("text") && !output.equals("json")) {
      throw new IllegalArgumentException("unknown output '" + output + "'");
    }
    return new Request(path(file), output.equals("json"));
  }

  private static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException invalid) {
      throw new IllegalArgumentException("'" + file + "' is not a path", invalid);
    }
  }

  private static String text(Path file, Outcome outcome, List<Problem> problems, PrintStream out) {
    ProblemPage page = new ProblemPage(Palette.of(out), SourceLines.of(file));
    return page.of(problems) + summary(file, outcome, problems) + "\n";
  }

  private static String summary(Path file, Outcome outcome, List<Problem> problems) {
    long errors = problems.stream().filter(p -> p.severity() == Severity.ERROR).count();
    long warnings = problems.size() - errors;
    return switch (outcome) {
      case Outcome.Broken ignored ->
          count(errors, "problem")
              + (warnings == 0 ? "" : ", " + count(warnings, "warning"))
              + " in "
              + file;
      case Outcome.Compiled(RouteTable table, List<Problem> ignored) ->
          file
              + ": ok, "
              + count(table.routes().size(), "route")
              + ", "
              + count(table.upstreams().size(), "upstream")
              + ", "
              + count(table.limits().size(), "limit")
              + (shadows(table) == 0 ? "" : " (" + shadows(table) + " in shadow mode)")
              + (warnings == 0 ? "" : ", " + count(warnings, "warning"));
    };
  }

  private static long shadows(RouteTable table) {
    return table.limits().stream().filter(limit -> limit.mode() == Limit.Mode.SHADOW).count();
  }

  private static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static String json(Path file, Outcome outcome, List<Problem> problems) {
    String list =
        problems.stream().map(Problem::json).collect(Collectors.joining(",\n  ", "[", "]"));
    String facts =
        switch (outcome) {
          case Outcome.Broken ignored -> "\"ok\":false";
          case Outcome.Compiled(RouteTable table, List<Problem> ignored) ->
              "\"ok\":true,\"revision\":%s,\"routes\":%d,\"upstreams\":%d,\"issuers\":%d,\"limits\":%d,\"shadowLimits\":%d"
                  .formatted(
                      JsonText.quote(table.revision()),
                      table.routes().size(),
                      table.upstreams().size(),
                      table.issuers().size(),
                      table.limits().size(),
                      shadows(table));
        };
    return "{\"file\":%s,%s,\"problems\":%s}\n"
        .formatted(JsonText.quote(file.toString()), facts, list);
  }
}
