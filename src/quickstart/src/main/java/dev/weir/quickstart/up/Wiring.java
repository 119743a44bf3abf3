package dev.weir.quickstart.up;

import dev.weir.quickstart.certificate.LocalAuthority;
import dev.weir.quickstart.store.Database;
import dev.weir.quickstart.store.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;

/** Tells the two services where everything is, by the variables of their process configuration. */
record Wiring(
    Settings settings,
    StateFolder state,
    LocalAuthority authority,
    Path routes,
    SecureRandom random) {
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

  Map<String, String> auth() throws IOException {
    var environment = new HashMap<String, String>();
    environment.put("WEIR_AUTH_ADDRESS", LOOPBACK);
    environment.put("WEIR_AUTH_PORT", port(PortSetting.AUTH));
    environment.put("WEIR_AUTH_MANAGEMENT_PORT", port(PortSetting.AUTH_MANAGEMENT));
    environment.put(
        "WEIR_AUTH_DATABASE_URL",
        "postgresql://127.0.0.1:" + port(PortSetting.POSTGRES) + "/" + Database.NAME);
    environment.put("WEIR_AUTH_DATABASE_USER", Database.APP);
    environment.put("WEIR_AUTH_DATABASE_PASSWORD", secret("secrets/" + Database.APP));
    environment.put("WEIR_AUTH_DATABASE_OWNER_USER", Database.OWNER);
    environment.put("WEIR_AUTH_DATABASE_OWNER_PASSWORD", secret("secrets/" + Database.OWNER));
    environment.put("WEIR_AUTH_REDIS_URI", "redis://127.0.0.1:" + port(PortSetting.REDIS));
    environment.put("WEIR_AUTH_ISSUER", "https://localhost:" + port(PortSetting.EDGE) + "/auth");
    environment.put("WEIR_AUTH_ALLOWED_ORIGINS", "https://localhost:" + port(PortSetting.EDGE));
    environment.put("WEIR_AUTH_KEK_FILE", kek().toString());
    // No mail server is part of the quickstart, so nobody could read the code that a concealed
    // registration mails.
    environment.put("WEIR_AUTH_REGISTRATION_DISCLOSURE", "reveal");
    return environment;
  }

  private Path kek() throws IOException {
    var file = state.resolve("kek");
    Secret.keep(file, random);
    return file;
  }

  private String secret(String name) throws IOException {
    return Secret.keep(state.resolve(name), random).text();
  }

  private String port(PortSetting setting) {
    return Integer.toString(settings.ports().get(setting));
  }
}
