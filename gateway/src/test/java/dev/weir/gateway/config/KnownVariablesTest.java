package dev.weir.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;

class KnownVariablesTest {
  /** As jvm.options has it. */
  private static final long SHIPPED_HEAP = 192L * 1024 * 1024;

  @Test
  void namesEverySettingOnce() {
    assertThat(KnownVariables.known())
        .contains(
            "WEIR_EDGE_PORT",
            "WEIR_REDIRECT_PORT",
            "WEIR_MANAGEMENT_PORT",
            "WEIR_ROUTES_FILE",
            "WEIR_TLS_CERTIFICATE",
            "WEIR_TLS_PRIVATE_KEY",
            "WEIR_REDIS_URI",
            "WEIR_REVOCATION_PREFIX",
            "WEIR_ACCESS_LOG");
  }

  @Test
  void findsTypingErrors() {
    assertThat(
            KnownVariables.unknown(
                List.of("WEIR_EDGE_PROT", "WEIR_EDGE_PORT", "PATH", "WEIR_AUTH_PORT", "WEIR_X")))
        .containsExactly("WEIR_EDGE_PROT", "WEIR_X");
  }

  @Test
  void guessesWhatWasMeant() {
    assertThat(KnownVariables.refusal("WEIR_EDGE_PROT")).endsWith("did you mean WEIR_EDGE_PORT?");
    assertThat(KnownVariables.refusal("WEIR_X")).endsWith("docs/operating.md lists them");
  }

  @Test
  void everyVariableStandsInTheOperatorsPageWithItsDefault() throws IOException {
    String page = Files.readString(Path.of("../docs/operating.md"));
    WeirProperties defaults = new Binder().bindOrCreate("weir", WeirProperties.class);
    assertThat(SettingBounds.problems(defaults)).isEmpty();
    for (String variable : KnownVariables.known()) {
      assertThat(page).contains("| `" + variable + "` | ");
    }
    assertThat(page)
        .contains(
            "`WEIR_ADMISSION_MINIMUM` | " + defaults.admission().minimum() + " |",
            "`WEIR_ADMISSION_INITIAL` | " + defaults.admission().initial() + " |",
            "`WEIR_ADMISSION_MAXIMUM` | " + MemoryBounds.requests(SHIPPED_HEAP) + ", by the heap |",
            "`WEIR_EDGE_MAX_CONNECTIONS` | "
                + MemoryBounds.connections(SHIPPED_HEAP)
                + ", by the heap |",
            "`WEIR_FALLBACK_STALE_BYTES` | "
                + MemoryBounds.keptAnswers(SHIPPED_HEAP)
                + ", by the heap |",
            "`WEIR_ADMISSION_TARGET_LAG` | " + defaults.admission().targetLag().toMillis() + "ms |",
            "`WEIR_REDIS_TIMEOUT` | " + defaults.redis().timeout().toMillis() + "ms |",
            "`WEIR_DRAIN_GRACE` | " + defaults.drain().grace().toSeconds() + "s |",
            "`WEIR_DRAIN_TIMEOUT` | " + defaults.drain().timeout().toSeconds() + "s |");
  }

  @Test
  void takesWhatSpringTakes() {
    assertThat(
            KnownVariables.unknown(
                List.of("WEIR_TLS_PRIVATEKEY", "WEIR_INGRESS_TRUSTED_PROXIES_0")))
        .isEmpty();
  }
}
