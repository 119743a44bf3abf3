package dev.weir.auth.config;

import dev.weir.auth.exchange.AddressRange;
import dev.weir.auth.factor.RelyingParty;
import dev.weir.auth.key.Keks;
import dev.weir.auth.key.KeyPace;
import dev.weir.auth.mail.StartTls;
import dev.weir.auth.registration.Disclosure;
import dev.weir.auth.throttle.Limits;
import dev.weir.auth.token.Clients;
import dev.weir.auth.token.Issuer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The process configuration, read and checked; a value of this type can be started with. */
public record Settings(
    Listener service,
    Listener management,
    DatabaseSettings database,
    RedisSettings redis,
    Issuer issuer,
    Keks keks,
    KeyPace keyPace,
    Disclosure disclosure,
    PasswordSettings passwords,
    Set<String> allowedOrigins,
    RelyingParty relyingParty,
    Clients clients,
    MailSettings mail,
    List<AddressRange> trustedProxies,
    Limits limits,
    int captchaEffort,
    int auditMonths) {
  public Settings {
    allowedOrigins = Set.copyOf(allowedOrigins);
    trustedProxies = List.copyOf(trustedProxies);
  }

  /** Says little on purpose: passwords are in here. */
  @Override
  public String toString() {
    return "Settings[" + service + ", " + management + "]";
  }

  /** The secrets in files that a running service reads anew; the owner comes at its start only. */
  List<SecretFile> secretFiles() {
    var logins = database.logins();
    return Stream.of(
            Optional.of(logins.application()),
            Optional.of(logins.outbox()),
            Optional.of(logins.reading()),
            Optional.of(logins.purging()),
            redis.login(),
            mail.login())
        .flatMap(Optional::stream)
        .map(Login::password)
        .filter(SecretFile.class::isInstance)
        .map(SecretFile.class::cast)
        .distinct()
        .toList();
  }

  /** Words that no password may contain, and who knows which have leaked. */
  public record PasswordSettings(Set<String> contextWords, Optional<URI> ranges) {
    public PasswordSettings {
      contextWords = Set.copyOf(contextWords);
    }
  }

  /** Where mails go, and as whose. */
  public record MailSettings(URI server, Optional<Login> login, StartTls startTls, String from) {
    @Override
    public String toString() {
      return "MailSettings[" + from + "]";
    }
  }

  /**
   * Where Redis is, and what the names of its keys begin with.
   *
   * @param login as whom to come, where that is not in the URI
   */
  public record RedisSettings(URI server, Optional<Login> login, String prefix) {
    @Override
    public String toString() {
      return "RedisSettings[" + prefix + "]";
    }
  }

  /** Where a server listens; port 0 takes any free one. */
  public record Listener(String address, int port) {}

  /** Where Postgres is, and as whom to come; {@code patience} bounds the wait for it at start. */
  public record DatabaseSettings(
      Place place, Optional<Place> replica, Logins logins, Duration patience) {}

  /**
   * Where a database is: with several hosts, at whichever of them is the primary; and what they
   * prove.
   */
  public record Place(List<Host> hosts, String name, DatabaseTls tls) {
    public Place {
      hosts = List.copyOf(hosts);
    }
  }

  /** A server of Postgres. */
  public record Host(String name, int port) {
    @Override
    public String toString() {
      return name + ":" + port;
    }
  }

  /** The role that migrates, and those that the service comes as afterwards. */
  public record Logins(
      Login owner, Login application, Login outbox, Login reading, Login purging) {}

  /** As whom to come, and the password of that user. */
  public record Login(String user, Secret password) {
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }
}
