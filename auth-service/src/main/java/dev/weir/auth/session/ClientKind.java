package dev.weir.auth.session;

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

  static ClientKind of(String clientId) {
    return clientId.equals(NATIVE.clientId) ? NATIVE : BROWSER;
  }
}
