package dev.weir.contenders;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the bench asks of a contender, as src/contenders/run names it in the environment.
 *
 * @param work holds tls.pem and tls-key.pem
 */
public record Bench(int port, int upstreamPort, Path work) {
  /** Reads the environment of this process. */
  public static Bench fromEnvironment() {
    return new Bench(
        Integer.parseInt(variable("BENCH_PORT")),
        Integer.parseInt(variable("BENCH_UPSTREAM_PORT")),
        Path.of(variable("BENCH_WORK")));
  }

  private static String variable(String name) {
    @Nullable String value = System.getenv(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not set");
    }
    return value;
  }

  /** Returns the certificate chain to present. */
  public Path certificate() {
    return work.resolve("tls.pem");
  }

  /** Returns the key of the certificate, PKCS#8. */
  public Path privateKey() {
    return work.resolve("tls-key.pem");
  }

  /** Returns what goes into the Host field towards the upstream. */
  public String upstreamAuthority() {
    return "127.0.0.1:" + upstreamPort;
  }
}
