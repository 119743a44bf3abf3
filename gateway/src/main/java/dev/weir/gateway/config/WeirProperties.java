package dev.weir.gateway.config;

import dev.weir.gateway.redis.RedisSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The process configuration: {@code weir.*} properties or {@code WEIR_*} variables. An unknown key
 * refuses the start. docs/operating.md lists them.
 *
 * @param accessLog stdout or off
 */
@ConfigurationProperties(prefix = "weir", ignoreUnknownFields = false)
public record WeirProperties(
    @DefaultValue Edge edge,
    @DefaultValue Redirect redirect,
    @DefaultValue Management management,
    @DefaultValue Routes routes,
    @DefaultValue Tls tls,
    @DefaultValue Redis redis,
    @DefaultValue Revocation revocation,
    @DefaultValue Ingress ingress,
    @DefaultValue Admission admission,
    @DefaultValue Fallback fallback,
    @DefaultValue Drain drain,
    @DefaultValue("stdout") AccessLogTarget accessLog) {

  /** Where access log lines go. */
  public enum AccessLogTarget {
    STDOUT,
    OFF
  }

  /**
   * The TLS listener.
   *
   * @param publicPort the port that clients know it by; 0: the same
   * @param maxConnections 0: as many as the heap takes
   */
  public record Edge(
      @DefaultValue("8443") int port,
      @DefaultValue("0") int publicPort,
      @DefaultValue("127.0.0.1") String address,
      @DefaultValue("60s") Duration idleTimeout,
      @DefaultValue("30s") Duration requestTimeout,
      @DefaultValue("0") int maxConnections) {
    /** Reads 0 as what fits the heap. */
    public Edge {
      if (maxConnections == 0) {
        maxConnections = MemoryBounds.connections(Runtime.getRuntime().maxMemory());
      }
    }
  }

  /** The plain listener, which only redirects. */
  public record Redirect(@DefaultValue("8080") int port) {}

  /** The management listener; read by application.yaml. */
  public record Management(
      @DefaultValue("9901") int port, @DefaultValue("127.0.0.1") String address) {}

  /** The route file. */
  public record Routes(@DefaultValue("routes.yaml") Path file) {}

  /** The certificate chain and key of the edge, PEM. */
  public record Tls(
      @DefaultValue("tls/server.pem") Path certificate,
      @DefaultValue("tls/server-key.pem") Path privateKey) {}

  /**
   * The shared store of token buckets and revocations.
   *
   * @param uri of the server, of the Sentinels, or of some nodes of the cluster
   * @param passwordFile read at each new connection; empty: none
   * @param caFile PEM; empty: the authorities that the JDK trusts
   * @param timeout of one draw
   * @param instances gateways that share the limits; a local share is the limit divided by it
   */
  public record Redis(
      @DefaultValue("standalone") RedisSettings.Mode mode,
      @DefaultValue("redis://127.0.0.1:6379") List<String> uri,
      @DefaultValue("") String username,
      @DefaultValue("") String password,
      @DefaultValue("") String passwordFile,
      @DefaultValue("") String caFile,
      @DefaultValue Sentinel sentinel,
      @DefaultValue("50ms") Duration timeout,
      @DefaultValue("1") int instances) {

    /** Shows no secret. */
    @Override
    public String toString() {
      return "Redis[mode=" + mode + ", timeout=" + timeout + ", instances=" + instances + "]";
    }
  }

  /** Whom to ask Sentinel for, and as whom. */
  public record Sentinel(
      @DefaultValue("") String master,
      @DefaultValue("") String username,
      @DefaultValue("") String password,
      @DefaultValue("") String passwordFile) {
    static final Sentinel NONE = new Sentinel("", "", "", "");

    /** Shows no secret. */
    @Override
    public String toString() {
      return "Sentinel[master=" + master + "]";
    }
  }

  /** The revocation feed of the auth service. */
  public record Revocation(@DefaultValue("a:local:") String prefix) {}

  /**
   * What ingress believes.
   *
   * @param trustedProxies CIDRs whose forwarded fields are believed
   * @param sessionCookie the cookie that only {@code sessionCookiePaths} may see
   */
  public record Ingress(
      @DefaultValue List<String> trustedProxies,
      @DefaultValue("__Host-rt") String sessionCookie,
      @DefaultValue({"/auth/token/refresh", "/auth/logout"}) Set<String> sessionCookiePaths) {}

  /**
   * The adaptive concurrency limit.
   *
   * @param maximum 0: as many as the heap takes
   */
  public record Admission(
      @DefaultValue("64") int minimum,
      @DefaultValue("512") int initial,
      @DefaultValue("0") int maximum,
      @DefaultValue("50ms") Duration targetLag) {
    /** Reads 0 as what fits the heap. */
    public Admission {
      if (maximum == 0) {
        maximum = MemoryBounds.requests(Runtime.getRuntime().maxMemory());
      }
    }
  }

  /**
   * What answers where upstreams fail.
   *
   * @param staleBytes all that last good answers may take; 0: a share of the heap
   */
  public record Fallback(@DefaultValue("0") int staleBytes) {
    /** Reads 0 as what fits the heap. */
    public Fallback {
      if (staleBytes == 0) {
        staleBytes = MemoryBounds.keptAnswers(Runtime.getRuntime().maxMemory());
      }
    }
  }

  /** How a stopping gateway lets go. */
  public record Drain(@DefaultValue("5s") Duration grace, @DefaultValue("20s") Duration timeout) {}
}
