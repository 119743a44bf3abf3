package dev.weir.auth.password;

import dev.weir.auth.observe.AuthMetrics;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * Asks a service of password ranges, such as Have I Been Pwned's or a mirror of it: five digits of
 * the SHA-1 go out, the rest of every known digest that begins so comes back, and the comparison is
 * made here. The service learns neither password nor digest. Padding is asked for, so that the size
 * of an answer tells a listener nothing either.
 *
 * <p>It fails open. A call ends within a second, and after a failed one nobody asks for five
 * seconds, so that an outage costs one person a second and not everyone; each call that was not
 * answered is counted, and the log has one line per change of state.
 */
public final class PasswordRanges implements LeakedPasswords, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PasswordRanges.class);
  private static final int PREFIX = 5;
  private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long UP = 0;

  /** A range of today has 40 kB, one with padding up to 60. */
  private static final int MAX_ANSWER = 256 * 1024;

  private final ConnectionProvider connections =
      ConnectionProvider.builder("password-ranges")
          .maxConnections(8)
          .pendingAcquireMaxCount(32)
          .maxIdleTime(Duration.ofSeconds(30))
          .build();
  private final String base;
  private final WebClient client;
  private final Duration patience;
  private final LongSupplier ticker;
  private final AuthMetrics metrics;

  /**
   * 0 while up, else the tick at which the service may be asked again; a single word, so no reader
   * sees half a state.
   */
  private final AtomicLong pausedUntil = new AtomicLong(UP);

  public PasswordRanges(URI base, Duration patience, LongSupplier ticker, AuthMetrics metrics) {
    this.base = base.toString().replaceFirst("/*$", "/");
    this.patience = patience;
    this.ticker = ticker;
    this.metrics = metrics;
    this.client =
        WebClient.builder()
            .clientConnector(new ReactorClientHttpConnector(HttpClient.create(connections)))
            .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(MAX_ANSWER))
            .defaultHeader("Add-Padding", "true")
            .defaultHeader("User-Agent", "weir")
            .build();
  }

  @Override
  public Mono<Boolean> contains(String password) {
    if (isPaused()) {
      metrics.leakCheck("skipped");
      return Mono.just(false);
    }
    var digest = digest(password);
    return client
        .get()
        .uri(URI.create(base + digest.substring(0, PREFIX)))
        .retrieve()
        .bodyToMono(String.class)
        .defaultIfEmpty("")
        .map(range -> lists(range, digest.substring(PREFIX)))
        .timeout(patience)
        .doOnNext(this::answered)
        .onErrorResume(this::failed);
  }

  /** Padding lines have a count of 0 and mean nothing. */
  static boolean lists(String range, String suffix) {
    return range
        .lines()
        .map(line -> line.strip().toUpperCase(Locale.ROOT))
        .anyMatch(
            line ->
                line.startsWith(suffix + ":")
                    && !line.substring(suffix.length() + 1).matches("0*"));
  }

  private void answered(boolean leaked) {
    metrics.leakCheck(leaked ? "leaked" : "unknown");
    if (pausedUntil.getAndSet(UP) != UP) {
      LOG.info("password range service is back");
    }
  }

  private Mono<Boolean> failed(Throwable error) {
    metrics.leakCheck("failed");
    long until = ticker.getAsLong() + PAUSE_NANOS;
    if (pausedUntil.getAndSet(until == UP ? 1 : until) == UP) {
      LOG.atWarn()
          .addKeyValue("cause", error.getClass().getSimpleName())
          .log("password range service lost: leaked passwords pass unless they are common");
    }
    return Mono.just(false);
  }

  private boolean isPaused() {
    long until = pausedUntil.get();
    return until != UP && until - ticker.getAsLong() > 0;
  }

  private static String digest(String password) {
    try {
      var sha1 = MessageDigest.getInstance("SHA-1");
      return HexFormat.of()
          .withUpperCase()
          .formatHex(sha1.digest(password.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-1 is part of every Java runtime", e);
    }
  }

  @Override
  public void close() {
    connections.dispose();
  }
}
