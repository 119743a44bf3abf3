package dev.weir.quickstart.up;

import dev.weir.quickstart.certificate.LocalAuthority;
import java.nio.file.Path;
import java.util.Map;

/** Tells the gateway where everything is, by the variables of its process configuration. */
record Wiring(Settings settings, LocalAuthority authority, Path routes, AuthVariables auth) {
  private static final String LOOPBACK = "127.0.0.1";

  Map<String, String> gateway() {
    return Map.of(
        // Nothing here asks the readiness before it sends traffic, so Ctrl-C need not wait for it
        // to be seen.
        "WEIR_DRAIN_GRACE", "200ms",
        "WEIR_EDGE_ADDRESS", LOOPBACK,
        "WEIR_EDGE_PORT", port(PortSetting.EDGE),
        "WEIR_REDIRECT_PORT", port(PortSetting.REDIRECT),
        "WEIR_MANAGEMENT_PORT", port(PortSetting.MANAGEMENT),
        "WEIR_ROUTES_FILE", routes.toString(),
        "WEIR_TLS_CERTIFICATE", authority.chainFile().toString(),
        "WEIR_TLS_PRIVATE_KEY", authority.keyFile().toString(),
        "WEIR_REDIS_URI", "redis://127.0.0.1:" + port(PortSetting.REDIS));
  }

  private String port(PortSetting setting) {
    return Integer.toString(settings.ports().get(setting));
  }
}
