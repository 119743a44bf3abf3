package dev.weir.auth.config;

import dev.weir.auth.config.Settings.DatabaseSettings;
import dev.weir.auth.config.Settings.Listener;
import dev.weir.auth.config.Settings.Login;
import dev.weir.auth.config.Settings.MailSettings;
import dev.weir.auth.exchange.AddressRange;
import dev.weir.auth.factor.RelyingParty;
import dev.weir.auth.mail.StartTls;
import dev.weir.auth.registration.Disclosure;
import dev.weir.auth.throttle.Limit;
import dev.weir.auth.throttle.Limits;
import dev.weir.auth.token.Issuer;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Turns texts into {@link Settings}; the first that does not fit refuses the start by name. */
public final class SettingsReader {
  private final Map<Setting, String> texts;

  private SettingsReader(Map<Setting, String> texts) {
    this.texts = texts;
  }

  public static Settings read(SettingSources sources) {
    return new SettingsReader(sources.resolve()).settings();
  }

  private Settings settings() {
    var issuer =
        new Issuer(
            uri(Setting.ISSUER, Set.of("https", "http"), "https://host/path").toString(),
            required(Setting.AUDIENCE));
    return new Settings(
        new Listener(address(Setting.ADDRESS), port(Setting.PORT)),
        new Listener(address(Setting.MANAGEMENT_ADDRESS), port(Setting.MANAGEMENT_PORT)),
        database(),
        uri(Setting.REDIS_URI, Set.of("redis", "rediss"), "redis://host:6379"),
        required(Setting.REDIS_PREFIX),
        issuer,
        KekFile.read(required(Setting.KEK_FILE)),
        disclosure(),
        origins(issuer),
        relyingParty(issuer),
        mail(),
        trustedProxies(),
        limits());
  }

  private DatabaseSettings database() {
    var uri =
        uri(Setting.DATABASE_URL, Set.of("postgresql", "postgres"), "postgresql://host:5432/name");
    var name = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
    if (name.isEmpty() || name.contains("/") || uri.getUserInfo() != null) {
      throw unfit(Setting.DATABASE_URL, "postgresql://host:5432/name, with the users set apart");
    }
    return new DatabaseSettings(
        uri.getHost(),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        name,
        new Login(required(Setting.DATABASE_USER), text(Setting.DATABASE_PASSWORD)),
        new Login(required(Setting.DATABASE_OWNER_USER), text(Setting.DATABASE_OWNER_PASSWORD)),
        parsed(Setting.DATABASE_PATIENCE, SettingsReader::seconds, "seconds such as 20s"));
  }

  private Limits limits() {
    var expected = "attempts/window such as 30/5m";
    return new Limits(
        parsed(Setting.LIMIT_LOGIN_ADDRESS, Limit::parse, expected),
        parsed(Setting.LIMIT_LOGIN_IDENTITY, Limit::parse, expected),
        parsed(Setting.LIMIT_REGISTER, Limit::parse, expected));
  }

  private Disclosure disclosure() {
    return parsed(
        Setting.REGISTRATION_DISCLOSURE,
        text -> Disclosure.valueOf(text.toUpperCase(Locale.ROOT)),
        "reveal or conceal");
  }

  private List<AddressRange> trustedProxies() {
    return parsed(
        Setting.TRUSTED_PROXIES,
        text -> list(text).stream().map(AddressRange::parse).toList(),
        "a comma list of blocks such as 10.0.0.0/8");
  }

  /** The issuer's own origin is where our pages are; it is always allowed. */
  private Set<String> origins(Issuer issuer) {
    var origins = list(text(Setting.ALLOWED_ORIGINS)).stream().collect(Collectors.toSet());
    for (var origin : origins) {
      if (!origin.matches("https?://[^/]+")) {
        throw unfit(Setting.ALLOWED_ORIGINS, "a comma list of origins such as https://app.example");
      }
    }
    var own = URI.create(issuer.url());
    origins.add(own.getScheme() + "://" + own.getRawAuthority());
    return origins;
  }

  /** Passkeys are bound to the host of our pages, or to a domain that it is in. */
  private RelyingParty relyingParty(Issuer issuer) {
    var host = String.valueOf(URI.create(issuer.url()).getHost());
    var id = text(Setting.PASSKEY_RP_ID).isEmpty() ? host : text(Setting.PASSKEY_RP_ID);
    if (!host.equals(id) && !host.endsWith("." + id)) {
      throw unfit(Setting.PASSKEY_RP_ID, "the issuer's host, or a domain that it is in");
    }
    return new RelyingParty(id, origins(issuer));
  }

  /** A mail with a code in it goes over a network in the open only where somebody says so. */
  private MailSettings mail() {
    var text = text(Setting.MAIL_SMTP_URI);
    var server =
        text.startsWith("file:///")
            ? parsed(Setting.MAIL_SMTP_URI, URI::create, "file:///FOLDER")
            : uri(Setting.MAIL_SMTP_URI, Set.of("smtp", "smtps"), "smtp://host:25");
    var startTls =
        switch (required(Setting.MAIL_STARTTLS)) {
          case "auto" ->
              isHere(String.valueOf(server.getHost())) ? StartTls.OFFERED : StartTls.REQUIRED;
          case "required" -> StartTls.REQUIRED;
          case "offered" -> StartTls.OFFERED;
          default -> throw unfit(Setting.MAIL_STARTTLS, "auto, required or offered");
        };
    return new MailSettings(server, startTls, mailFrom());
  }

  private static boolean isHere(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private String mailFrom() {
    if (!required(Setting.MAIL_FROM).matches("[^\\s@]+@[^\\s@]+")) {
      throw unfit(Setting.MAIL_FROM, "an address such as weir@example.com");
    }
    return text(Setting.MAIL_FROM);
  }

  private String address(Setting setting) {
    try {
      var _ = InetAddress.getByName(required(setting));
    } catch (UnknownHostException e) {
      throw unfit(setting, "an address of this machine, 0.0.0.0 for all of them");
    }
    return text(setting);
  }

  private int port(Setting setting) {
    int port = parsed(setting, Integer::parseInt, "a port from 0 to 65535");
    if (port < 0 || port > 65_535) {
      throw unfit(setting, "a port from 0 to 65535");
    }
    return port;
  }

  private URI uri(Setting setting, Set<String> schemes, String example) {
    var uri = parsed(setting, URI::create, "a URI such as " + example);
    if (uri.getScheme() == null || uri.getHost() == null || !schemes.contains(uri.getScheme())) {
      throw unfit(setting, "a URI such as " + example);
    }
    return uri;
  }

  private <T> T parsed(Setting setting, Function<String, T> parser, String expected) {
    try {
      return parser.apply(required(setting));
    } catch (IllegalArgumentException e) {
      throw unfit(setting, expected);
    }
  }

  private String required(Setting setting) {
    var text = text(setting);
    if (text.isEmpty()) {
      throw new StartRefused(setting.variable() + " is not set", "set it (docs/identity.md)");
    }
    return text;
  }

  private String text(Setting setting) {
    return texts.getOrDefault(setting, "");
  }

  private StartRefused unfit(Setting setting, String expected) {
    var shown = setting.isSecret() ? "its value" : "'" + text(setting) + "'";
    return new StartRefused(setting.variable() + " does not take " + shown, "use " + expected);
  }

  private static Duration seconds(String text) {
    if (!text.matches("\\d{1,4}s")) {
      throw new IllegalArgumentException(text);
    }
    return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }
}
