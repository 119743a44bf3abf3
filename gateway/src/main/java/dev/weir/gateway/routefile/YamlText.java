package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Source;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * From bytes to YAML's node tree, every node with its place. Stops at the tree: objects are never
 * constructed from a file, so no tag in it can name a class.
 */
final class YamlText {
  /** The largest file taken. */
  static final int MOST_BYTES = 4 << 20;

  private static final int MOST_DEPTH = 16;
  private static final int MOST_ALIASES = 100_000;

  private final Findings findings;

  YamlText(Findings findings) {
    this.findings = findings;
  }

  /** Returns the text of the bytes, unless they are too many, not UTF-8 or not printable. */
  Optional<String> decode(byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      findings.add(
          new Source(1, 1),
          ProblemCode.FILE_TOO_LARGE,
          "the file has more than " + MOST_BYTES + " bytes",
          "at most 4MiB",
          "share what repeats through anchors, or serve fewer routes per gateway");
      return Optional.empty();
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      findings.add(
          endOf(text),
          ProblemCode.NOT_UTF8,
          "byte 0x%02X is not UTF-8".formatted(bytes[in.position()]),
          "UTF-8 text",
          "save the file as UTF-8");
      return Optional.empty();
    }
    String unmarked = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return isPrintable(unmarked) ? Optional.of(unmarked) : Optional.empty();
  }

  private boolean isPrintable(String text) {
    for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
      int character = text.codePointAt(i);
      if (!StreamReader.isPrintable(character)) {
        findings.add(
            endOf(text.substring(0, i)),
            ProblemCode.BAD_CHARACTER,
            "character U+%04X is not printable".formatted(character),
            "printable text",
            "remove it");
        return false;
      }
    }
    return true;
  }

  private static Source endOf(String text) {
    int lineStart = text.lastIndexOf('\n') + 1;
    int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
    return new Source(line, 1 + text.codePointCount(lineStart, text.length()));
  }

  /** Returns the root of the one document, unless the text is empty or not YAML. */
  Optional<Node> compose(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(MOST_DEPTH);
    options.setMaxAliasesForCollections(MOST_ALIASES);
    options.setCodePointLimit(MOST_BYTES);
    // Every tag is let through here, and refused with the rest of the bounds; none is acted on.
    options.setTagInspector(tag -> true);
    TrackedParser parser = new TrackedParser(new ParserImpl(new StreamReader(text), options));
    try {
      Node root = new Composer(parser, new Resolver(), options).getSingleNode();
      if (root == null || Entries.isNothing(root)) {
        findings.add(
            new Source(1, 1),
            ProblemCode.EMPTY_FILE,
            "the file is empty",
            "a mapping with the keys " + String.join(", ", Shape.FILE.names()),
            "start with version: 1");
        return Optional.empty();
      }
      return new NodeBounds(findings).holds(root) ? Optional.of(root) : Optional.empty();
    } catch (MarkedYAMLException broken) {
      noteSyntax(broken);
    } catch (NumberFormatException escape) {
      // SnakeYAML lets an escape beyond 31 bits through to Integer.parseInt.
      findings.add(
          new Source(parser.line(), parser.column()),
          ProblemCode.SYNTAX,
          "an escape in the text after this place is not a character",
          "\\UXXXXXXXX up to \\U0010FFFF",
          "write the character itself");
    } catch (YAMLException bound) {
      findings.add(
          new Source(parser.line(), parser.column()),
          ProblemCode.TOO_COMPLEX,
          TextFormat.shortened(String.valueOf(bound.getMessage())),
          "at most %d levels and %d aliases".formatted(MOST_DEPTH, MOST_ALIASES),
          "write it flatter");
    }
    return Optional.empty();
  }

  private void noteSyntax(MarkedYAMLException broken) {
    Mark mark = broken.getProblemMark();
    findings.add(
        mark == null ? new Source(1, 1) : Entries.at(mark),
        ProblemCode.SYNTAX,
        "this is not YAML: " + cause(broken),
        "one YAML document, indented with spaces",
        "look at the indentation, colons, quotes and brackets here and on the line before");
  }

  private static String cause(MarkedYAMLException broken) {
    String problem = oneLine(broken.getProblem());
    Mark mark = broken.getContextMark();
    if (broken.getContext() == null) {
      return problem;
    }
    String context = oneLine(broken.getContext());
    if (!context.startsWith("while")) {
      return context + ", " + problem;
    }
    return problem
        + " "
        + context
        + (mark == null ? "" : " that starts at line " + (mark.getLine() + 1));
  }

  private static String oneLine(@Nullable String message) {
    return String.valueOf(message).replaceAll("\\p{Cntrl}", " ").strip();
  }
}
