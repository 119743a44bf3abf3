package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Issuer;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.RouteTable;
import dev.weir.gateway.route.Source;
import dev.weir.gateway.route.Upstream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Makes a route table of a route file, or says everything that is wrong with it.
 *
 * <p>Straight line: bytes, text, YAML's node tree, raw blocks with the place of every value, the
 * model. A value that is broken is noted and left out, and reading goes on, so that one run names
 * every problem. Nothing is guessed and nothing is half taken: one error, and there is no table.
 */
public final class RouteFile {

  /** What came of a file. */
  public sealed interface Outcome {

    /** It is sound, but for the warnings. */
    record Compiled(RouteTable table, List<Problem> warnings) implements Outcome {

      /** Copies the warnings. */
      public Compiled {
        warnings = List.copyOf(warnings);
      }
    }

    /** It cannot be used; errors and warnings in the order of the file. */
    record Broken(List<Problem> problems) implements Outcome {

      /** Copies the problems. */
      public Broken {
        problems = List.copyOf(problems);
      }
    }
  }

  private final Findings findings;

  private RouteFile(Findings findings) {
    this.findings = findings;
  }

  /** Reads a file; one that cannot be read is broken with {@link ProblemCode#UNREADABLE_FILE}. */
  public static Outcome read(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      // One byte more than is taken shows that there is too much, whatever the file's size says.
      return parse(path.toString(), in.readNBytes(YamlText.MOST_BYTES + 1));
    } catch (IOException unreadable) {
      Findings findings = new Findings(path.toString());
      findings.add(
          new Source(1, 1),
          ProblemCode.UNREADABLE_FILE,
          "the file cannot be read: " + reason(path, unreadable),
          "a file that this process may read",
          "look at the path and its permissions");
      return new Outcome.Broken(findings.sorted());
    }
  }

  /** Reads a text; the name stands in every problem. */
  public static Outcome parse(String name, String text) {
    return parse(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads bytes; the name stands in every problem. */
  public static Outcome parse(String name, byte[] bytes) {
    Findings findings = new Findings(name);
    YamlText yaml = new YamlText(findings);
    Optional<RouteTable> table =
        yaml.decode(bytes)
            .flatMap(yaml::compose)
            .flatMap(root -> new RouteFile(findings).compile(root, revision(bytes)));
    return table
        .<Outcome>map(sound -> new Outcome.Compiled(sound, findings.sorted()))
        .orElseGet(() -> new Outcome.Broken(findings.sorted()));
  }

  private Optional<RouteTable> compile(Node root, String revision) {
    Optional<Block> opened = Block.of(root, new Source(1, 1), Shape.FILE, findings);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    Block file = opened.get();
    file.value("version", Grammar.VERSION);
    Section<Issuer> issuers =
        Section.read(
            file,
            "issuers",
            Shape.ISSUER,
            Grammar.MOST_ISSUERS,
            findings,
            new IssuerReader(findings)::read);
    Namespaces.keepApart(issuers, findings);
    Section<Limit> limits =
        Section.read(
            file,
            "limits",
            Shape.LIMIT,
            Grammar.MOST_LIMITS,
            findings,
            new LimitReader(findings)::read);
    Section<Upstream> upstreams =
        Section.read(
            file,
            "upstreams",
            Shape.UPSTREAM,
            Grammar.MOST_UPSTREAMS,
            findings,
            new UpstreamReader(findings)::read);
    List<Route> routes = routes(file, new RouteReader(upstreams, limits, issuers, findings));
    if (findings.broken()) {
      return Optional.empty();
    }
    // Only now: a route that could not be read may be the one that uses a name.
    issuers.noteUnused();
    limits.noteUnused();
    upstreams.noteUnused();
    RouteTable table =
        RouteTable.of(revision, upstreams.values(), issuers.values(), limits.values(), routes);
    SlashGaps.note(table, findings);
    return Optional.of(table);
  }

  private List<Route> routes(Block file, RouteReader reader) {
    List<Candidate> candidates = new ArrayList<>();
    for (Node item : file.items("routes", Grammar.MOST_ROUTES)) {
      Block.of(item, Entries.at(item), Shape.ROUTE, findings)
          .map(reader::read)
          .ifPresent(candidates::add);
    }
    Overlaps.note(candidates, findings);
    return candidates.stream().flatMap(candidate -> candidate.route().stream()).toList();
  }

  private static String revision(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  private static String reason(Path path, IOException unreadable) {
    if (unreadable instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (unreadable instanceof AccessDeniedException) {
      return "permission denied";
    }
    return Files.isDirectory(path) ? "it is a directory" : String.valueOf(unreadable.getMessage());
  }
}
