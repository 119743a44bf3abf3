package dev.weir.auth.config;

import dev.weir.auth.config.Settings.Login;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The text of every setting, and the kinds of value that texts are read as. */
record SettingTexts(Map<Setting, String> values) {
  SettingTexts {
    values = Map.copyOf(values);
  }

  /** Says nothing: passwords are in here. */
  @Override
  public String toString() {
    return "SettingTexts[hidden]";
  }

  List<String> list(Setting setting) {
    return split(text(setting));
  }

  String address(Setting setting) {
    try {
      var _ = InetAddress.getByName(required(setting));
    } catch (UnknownHostException e) {
      throw unfit(setting, "an address of this machine, 0.0.0.0 for all of them");
    }
    return text(setting);
  }

  int port(Setting setting) {
    int port = parsed(setting, Integer::parseInt, "a port from 0 to 65535");
    if (port < 0 || port > 65_535) {
      throw unfit(setting, "a port from 0 to 65535");
    }
    return port;
  }

  URI uri(Setting setting, Set<String> schemes, String example) {
    var uri = parsed(setting, URI::create, "a URI such as " + example);
    if (uri.getScheme() == null || uri.getHost() == null || !schemes.contains(uri.getScheme())) {
      throw unfit(setting, "a URI such as " + example);
    }
    return uri;
  }

  <T> T parsed(Setting setting, Function<String, T> parser, String expected) {
    try {
      return parser.apply(required(setting));
    } catch (IllegalArgumentException e) {
      throw unfit(setting, expected);
    }
  }

  String required(Setting setting) {
    var text = text(setting);
    if (text.isEmpty()) {
      throw new StartRefused(setting.variable() + " is not set", "set it (docs/identity.md)");
    }
    return text;
  }

  String text(Setting setting) {
    return values.getOrDefault(setting, "");
  }

  /** A password, from its variable or from the file that the other variable names. */
  Secret secret(Setting written, Setting file) {
    if (text(file).isEmpty()) {
      return new Secret.Written(text(written));
    }
    if (!text(written).isEmpty()) {
      throw new StartRefused(
          written.variable() + " and " + file.variable() + " are both set", "set one of them");
    }
    return SecretFile.open(file, Path.of(text(file)));
  }

  /** As whom to come to a server, where the password is in a file: in its URI is the user alone. */
  Optional<Login> login(Setting setting, URI server, Setting file) {
    if (text(file).isEmpty()) {
      return Optional.empty();
    }
    var user = Optional.ofNullable(server.getUserInfo()).orElse("");
    if (user.contains(":")) {
      throw new StartRefused(
          setting.variable() + " holds a password beside " + file.variable(), "set one of them");
    }
    return Optional.of(new Login(user, SecretFile.open(file, Path.of(text(file)))));
  }

  StartRefused unfit(Setting setting, String expected) {
    var text = text(setting);
    // Wherever somebody writes a user into an address, a password may be beside it.
    boolean isHidden = setting.isSecret() || (text.contains("://") && text.contains("@"));
    var shown = isHidden ? "its value" : "'" + text + "'";
    return new StartRefused(setting.variable() + " does not take " + shown, "use " + expected);
  }

  static Duration seconds(String text) {
    if (!text.matches("\\d{1,4}s")) {
      throw new IllegalArgumentException(text);
    }
    return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
  }

  static List<String> split(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }
}
