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

/** The process configuration, read and checked; a value of this type can be started with. */
public record Settings(
    Listener service,
    Listener management,
    DatabaseSettings database,
    URI redis,
    String redisPrefix,
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

  /** Words that no password may contain, and who knows which have leaked. */
  public record PasswordSettings(Set<String> contextWords, Optional<URI> ranges) {
    public PasswordSettings {
      contextWords = Set.copyOf(contextWords);
    }
  }

  /** Where mails go, and as whose. */
  public record MailSettings(URI server, StartTls startTls, String from) {
    @Override
    public String toString() {
      return "MailSettings[" + from + "]";
    }
  }

  /** Where a server listens; port 0 takes any free one. */
  public record Listener(String address, int port) {}

  /** Where Postgres is, and as whom to come; {@code patience} bounds the wait for it at start. */
  public record DatabaseSettings(
      Place place, Optional<Place> replica, Logins logins, Duration patience) {}

  /** Where a database is: with several hosts, at whichever of them is the primary. */
  public record Place(List<Host> hosts, String name) {
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

  /** A database role and its password. */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }
}
