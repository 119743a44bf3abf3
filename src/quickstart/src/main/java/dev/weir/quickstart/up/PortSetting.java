package dev.weir.quickstart.up;

import dev.weir.quickstart.process.FreePort;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** A port of the local run: who listens there, and the variable that moves it. */
public enum PortSetting {
  EDGE("gateway (edge)", "WEIR_EDGE_PORT", 8443),
  REDIRECT("gateway (redirects)", "WEIR_REDIRECT_PORT", 8080),
  MANAGEMENT("gateway (management)", "WEIR_MANAGEMENT_PORT", 9901),
  AUTH("auth-service", "WEIR_AUTH_PORT", 8090),
  AUTH_MANAGEMENT("auth-service (management)", "WEIR_AUTH_MANAGEMENT_PORT", 9902),
  ORDERS_A("orders-a", "WEIR_ORDERS_PORT_A", 9101),
  ORDERS_B("orders-b", "WEIR_ORDERS_PORT_B", 9102),
  ECHO("echo", "WEIR_ECHO_PORT", 9103),
  POSTGRES("postgres", "WEIR_POSTGRES_PORT", 15432),
  REDIS("redis", "WEIR_REDIS_PORT", 16379);

  private final String listener;
  private final String variable;
  private final int usual;

  PortSetting(String listener, String variable, int usual) {
    this.listener = listener;
    this.variable = variable;
    this.usual = usual;
  }

  /** The variables that move a whole run to ports which nobody listens on. */
  public static Map<String, String> elsewhere() throws IOException {
    var free = FreePort.find(values().length);
    var variables = new HashMap<String, String>();
    for (var setting : values()) {
      variables.put(setting.variable, Integer.toString(free.get(setting.ordinal())));
    }
    return variables;
  }

  String listener() {
    return listener;
  }

  String variable() {
    return variable;
  }

  int usual() {
    return usual;
  }
}
