package dev.weir.bench.run;

import dev.weir.bench.contender.Mode;
import dev.weir.bench.contender.WeirLaunch;
import dev.weir.bench.load.Protocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a person asked for.
 *
 * @param out where the JSON goes
 */
public record Options(
    Pace pace,
    Set<Mode> modes,
    List<String> contenders,
    int rounds,
    Set<Protocol> protocols,
    Leaks leaks,
    Optional<Path> out) {
  /** Whether Weir runs with every buffer tracked. */
  public enum Leaks {
    UNWATCHED,
    PARANOID
  }

  /** One line that says what is allowed. */
  public static final String USAGE =
      "usage: ./weir bench [--quick] [--modes plain,jwt,throttle,full] [--contenders"
          + " weir,nginx-lua,...] [--rounds N] [--protocols h1,h2] [--paranoid] [--out FILE.json]";

  private static final int ROUNDS = 3;
  private static final int ROUNDS_BOUND = 20;
  private static final List<String> ALL =
      List.of(
          WeirLaunch.NAME,
          "raw-netty",
          "reactor-netty",
          "stock-host",
          "nginx-lua",
          "nginx-lua-cache",
          "haproxy");
  private static final List<String> FEW =
      List.of(WeirLaunch.NAME, "raw-netty", "nginx-lua-cache", "haproxy");

  static Options full() {
    return new Options(
        Pace.FULL,
        EnumSet.allOf(Mode.class),
        ALL,
        ROUNDS,
        EnumSet.allOf(Protocol.class),
        Leaks.UNWATCHED,
        Optional.empty());
  }

  static Options quick() {
    return new Options(
        Pace.QUICK,
        EnumSet.of(Mode.PLAIN, Mode.FULL),
        FEW,
        1,
        EnumSet.allOf(Protocol.class),
        Leaks.UNWATCHED,
        Optional.empty());
  }

  /**
   * What a mode is measured over. What a token or a bucket adds is the same by either protocol, so
   * among all modes the two in the middle are asked by HTTP/1.1 alone: that is what a quarter of an
   * hour has room for.
   */
  Set<Protocol> protocolsOf(Mode mode) {
    boolean between = mode == Mode.JWT || mode == Mode.THROTTLE;
    return between && modes.size() > 2 && protocols.contains(Protocol.H1)
        ? EnumSet.of(Protocol.H1)
        : protocols;
  }

  /** Figures of a JVM that tracks every buffer say nothing, so only Weir takes part. */
  private Options paranoid() {
    return new Options(
        pace, modes, List.of(WeirLaunch.NAME), 1, protocols, Leaks.PARANOID, Optional.empty());
  }

  /** Reads the arguments; --quick and --paranoid set what the others then change. */
  public static Options parse(List<String> arguments) throws UsageException {
    var left = new ArrayList<>(arguments);
    var options = left.remove("--quick") ? quick() : full();
    options = left.remove("--paranoid") ? options.paranoid() : options;
    for (int i = 0; i < left.size(); i += 2) {
      if (i + 1 == left.size()) {
        throw new UsageException("%s needs a value, or is unknown".formatted(left.get(i)));
      }
      options = options.with(left.get(i), left.get(i + 1));
    }
    return options;
  }

  private Options with(String name, String value) throws UsageException {
    return switch (name) {
      case "--modes" ->
          with(pick(value, Mode.values(), Mode::label), contenders, rounds, protocols);
      case "--contenders" -> with(modes, contenders(value), rounds, protocols);
      case "--rounds" -> with(modes, contenders, rounds(value), protocols);
      case "--protocols" ->
          with(modes, contenders, rounds, pick(value, Protocol.values(), Protocol::label));
      case "--out" ->
          new Options(
              pace, modes, contenders, rounds, protocols, leaks, Optional.of(Path.of(value)));
      default -> throw new UsageException("unknown option " + name);
    };
  }

  private Options with(
      Set<Mode> newModes, List<String> newContenders, int newRounds, Set<Protocol> newProtocols) {
    return new Options(pace, newModes, newContenders, newRounds, newProtocols, leaks, out);
  }

  private static List<String> contenders(String value) throws UsageException {
    var names = List.of(value.split(",", -1));
    for (var name : names) {
      if (!ALL.contains(name)) {
        throw new UsageException("unknown contender %s; there are %s".formatted(name, ALL));
      }
    }
    return names.stream().distinct().toList();
  }

  private static int rounds(String value) throws UsageException {
    try {
      int rounds = Integer.parseInt(value);
      if (rounds >= 1 && rounds <= ROUNDS_BOUND) {
        return rounds;
      }
    } catch (NumberFormatException notANumber) {
      // Said below.
    }
    throw new UsageException("--rounds takes 1 to %d, not %s".formatted(ROUNDS_BOUND, value));
  }

  private static <E extends Enum<E>> Set<E> pick(String value, E[] all, Function<E, String> label)
      throws UsageException {
    var byLabel = Arrays.stream(all).collect(Collectors.toMap(label, Function.identity()));
    var picked = new ArrayList<E>();
    for (var name : value.split(",", -1)) {
      var found = byLabel.get(name);
      if (found == null) {
        throw new UsageException("unknown %s; there are %s".formatted(name, byLabel.keySet()));
      }
      picked.add(found);
    }
    return EnumSet.copyOf(picked);
  }
}
