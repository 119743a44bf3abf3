package dev.weir.gateway.routefile;

import java.util.ArrayList;
import java.util.List;

/** A small sound route file, to be spoilt one line at a time. */
final class SoundFile {
  static final String TEXT =
      """
      version: 1
      issuers:
        weir:
          issuer: https://localhost:8443/auth
          jwks: http://127.0.0.1:8090/.well-known/jwks.json
          audience: weir-api
      limits:
        per-address: { key: address, rate: 100/1s }
        per-caller: { key: caller, rate: 50/1s }
      upstreams:
        orders:
          endpoints: [http://127.0.0.1:9101]
      routes:
        - id: orders
          match: { path: "/api/orders/**" }
          upstream: orders
          auth: { issuer: weir }
          limits: [per-address, per-caller]
      """;

  /** The first 12 digits of its SHA-256. */
  static final String REVISION = "dc1ff95f8bf6";

  private SoundFile() {}

  /** Returns the file with one line, counted from 1, replaced by this text, of any lines. */
  static String with(int line, String replacement) {
    List<String> lines = new ArrayList<>(TEXT.lines().toList());
    lines.set(line - 1, replacement);
    return String.join("\n", lines) + "\n";
  }
}
