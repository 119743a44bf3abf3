package dev.weir.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.TestCertificate;
import dev.weir.gateway.redis.RedisSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** WEIR_REDIS_* variables, as the environment holds them. */
class RedisSetupTest {
  @TempDir private Path folder;

  private static WeirProperties.Redis bind(Map<String, String> variables) {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().remove("systemProperties");
    environment
        .getPropertySources()
        .replace(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                new HashMap<>(variables)));
    ConfigurationPropertySources.attach(environment);
    return Binder.get(environment).bindOrCreate("weir", WeirProperties.class).redis();
  }

  private static List<String> problems(String... variables) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      map.put(variables[i], variables[i + 1]);
    }
    return RedisSetup.problems(bind(map));
  }

  @Test
  void isOneServerWithoutALoginByDefault() {
    RedisSettings settings = RedisSetup.settings(bind(Map.of()));
    assertThat(settings)
        .isEqualTo(RedisSettings.standalone("redis://127.0.0.1:6379", Duration.ofMillis(50)));
    assertThat(problems()).isEmpty();
  }

  @Test
  void readsSentinelsWithTheirNamesPasswordsAndAuthority() throws Exception {
    Path secret = Files.writeString(folder.resolve("password"), "hush\n");
    Path authority = TestCertificate.in(folder).chain();
    WeirProperties.Redis redis =
        bind(
            Map.of(
                "WEIR_REDIS_MODE", "sentinel",
                "WEIR_REDIS_URI", "rediss://one:26379,rediss://two:26379",
                "WEIR_REDIS_SENTINEL_MASTER", "weir",
                "WEIR_REDIS_SENTINEL_USERNAME", "watcher",
                "WEIR_REDIS_SENTINEL_PASSWORD", "sesame",
                "WEIR_REDIS_USERNAME", "gateway",
                "WEIR_REDIS_PASSWORD_FILE", secret.toString(),
                "WEIR_REDIS_CA_FILE", authority.toString()));
    assertThat(RedisSetup.problems(redis)).isEmpty();
    RedisSettings settings = RedisSetup.settings(redis);
    assertThat(settings.mode()).isEqualTo(RedisSettings.Mode.SENTINEL);
    assertThat(settings.uris()).containsExactly("rediss://one:26379", "rediss://two:26379");
    assertThat(settings.authorities()).contains(authority);
    assertThat(settings.login().username()).isEqualTo("gateway");
    assertThat(settings.login().password().get()).isEqualTo("hush");
    Files.writeString(secret, "changed");
    assertThat(settings.login().password().get()).isEqualTo("changed");
    RedisSettings.Sentinel sentinel = settings.sentinel().orElseThrow();
    assertThat(sentinel.master()).isEqualTo("weir");
    assertThat(sentinel.login().username()).isEqualTo("watcher");
    assertThat(sentinel.login().password().get()).isEqualTo("sesame");
    assertThat(redis.toString()).doesNotContain("sesame", "hush");
  }

  @Test
  void saysOfEachThatDoesNotFitWhatIsAllowedAndShowsNoPassword() {
    List<String> all =
        problems(
            "WEIR_REDIS_URI", "redis://u:sesame@one:1/3,rediss://two:2",
            "WEIR_REDIS_MODE", "cluster",
            "WEIR_REDIS_PASSWORD", "sesame",
            "WEIR_REDIS_PASSWORD_FILE", folder.resolve("missing").toString(),
            "WEIR_REDIS_SENTINEL_MASTER", "weir",
            "WEIR_REDIS_SENTINEL_USERNAME", "watcher",
            "WEIR_REDIS_CA_FILE", folder.toString());
    assertThat(all).hasSize(8).noneMatch(line -> line.contains("sesame"));
    assertThat(String.join("\n", all))
        .contains(
            "mixes redis:// and rediss://",
            "holds a password beside",
            "a cluster has only one",
            "unless WEIR_REDIS_MODE is sentinel",
            "WEIR_REDIS_PASSWORD and WEIR_REDIS_PASSWORD_FILE are both set",
            "a readable, filled file",
            "WEIR_REDIS_SENTINEL_USERNAME has no password",
            "certificates in PEM");
  }

  @Test
  void saysWhatAModeStillNeeds() {
    assertThat(problems("WEIR_REDIS_MODE", "sentinel"))
        .singleElement()
        .asString()
        .startsWith("WEIR_REDIS_SENTINEL_MASTER is missing");
    assertThat(problems("WEIR_REDIS_URI", "redis://one,redis://two"))
        .singleElement()
        .asString()
        .contains("set WEIR_REDIS_MODE to sentinel or cluster");
    assertThat(problems("WEIR_REDIS_URI", "http://one"))
        .singleElement()
        .asString()
        .startsWith("WEIR_REDIS_URI cannot be its value");
    assertThat(problems("WEIR_REDIS_USERNAME", "gateway"))
        .singleElement()
        .asString()
        .startsWith("WEIR_REDIS_USERNAME has no password");
    assertThat(problems("WEIR_REDIS_CA_FILE", folder.toString())).hasSize(2);
  }
}
