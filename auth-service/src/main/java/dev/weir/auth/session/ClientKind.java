package dev.weir.auth.session;

import dev.weir.auth.exchange.Fields;

/**
 * How a client keeps its refresh token: a browser in a cookie it cannot read, a native program by
 * itself.
 */
public enum ClientKind {
  BROWSER("weir-browser"),
  NATIVE("weir-native");

  private final String clientId;

  ClientKind(String clientId) {
    this.clientId = clientId;
  }

  public String clientId() {
    return clientId;
  }

  /** Reads what a login says that it is; nothing said is a browser. */
  public static ClientKind read(Fields fields) {
    return switch (fields.optionalText("client", 16).orElse("browser")) {
      case "browser" -> BROWSER;
      case "native" -> NATIVE;
      default -> {
        fields.fault("client", "must be browser or native");
        yield BROWSER;
      }
    };
  }

  static ClientKind of(String clientId) {
    return clientId.equals(NATIVE.clientId) ? NATIVE : BROWSER;
  }
}
