package dev.weir.quickstart.up;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ports of a run, as the variables set them. */
record Ports(Map<PortSetting, Integer> numbers) {
  private static final int HIGHEST = 65_535;

  Ports {
    numbers = Map.copyOf(numbers);
  }

  static Ports of(Map<String, String> environment) {
    var numbers = new EnumMap<PortSetting, Integer>(PortSetting.class);
    var owners = new HashMap<Integer, PortSetting>();
    for (var setting : PortSetting.values()) {
      int port =
          Optional.ofNullable(environment.get(setting.variable()))
              .map(text -> number(setting, text))
              .orElse(setting.usual());
      numbers.put(setting, port);
      Optional.ofNullable(owners.put(port, setting))
          .ifPresent(
              other -> {
                throw new UsageException(
                    "%s and %s are both %d".formatted(other.variable(), setting.variable(), port));
              });
    }
    return new Ports(numbers);
  }

  private static int number(PortSetting setting, String text) {
    if (text.matches("\\d{1,5}")) {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= HIGHEST) {
        return port;
      }
    }
    throw new UsageException(
        "%s must be a port, 1 to %d, and is '%s'".formatted(setting.variable(), HIGHEST, text));
  }

  int get(PortSetting setting) {
    return numbers.getOrDefault(setting, setting.usual());
  }

  boolean isUsual() {
    return Arrays.stream(PortSetting.values()).allMatch(p -> get(p) == p.usual());
  }

  /** One line for each port that somebody else holds. */
  List<String> taken() {
    var lines = new ArrayList<String>();
    for (var setting : PortSetting.values()) {
      if (!isFree(get(setting))) {
        lines.add(
            "port %d for %s is taken; set %s to another"
                .formatted(get(setting), setting.listener(), setting.variable()));
      }
    }
    return lines;
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      // As the servers do: connections of an earlier run that still linger do not count.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
