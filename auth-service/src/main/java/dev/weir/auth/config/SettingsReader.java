package dev.weir.auth.config;

import dev.weir.auth.config.Settings.Listener;
import dev.weir.auth.config.Settings.PasswordSettings;
import dev.weir.auth.config.Settings.RedisSettings;
import dev.weir.auth.exchange.AddressRange;
import dev.weir.auth.factor.RelyingParty;
import dev.weir.auth.key.Keks;
import dev.weir.auth.key.KeyPace;
import dev.weir.auth.registration.Disclosure;
import dev.weir.auth.throttle.Limit;
import dev.weir.auth.throttle.Limits;
import dev.weir.auth.token.Issuer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns texts into {@link Settings}; the first that does not fit refuses the start by name. */
public final class SettingsReader {
  private static final int MOST_MONTHS = 1200;
  private static final int MOST_EFFORT = 10_000_000;
  private static final Duration SHORTEST_AHEAD = Duration.ofSeconds(4);
  private static final Duration LONGEST_AHEAD = Duration.ofHours(1);

  private final SettingTexts texts;

  private SettingsReader(SettingTexts texts) {
    this.texts = texts;
  }

  public static Settings read(SettingSources sources) {
    return new SettingsReader(new SettingTexts(sources.resolve())).settings();
  }

  private Settings settings() {
    var issuer =
        new Issuer(
            texts.uri(Setting.ISSUER, Set.of("https", "http"), "https://host/path").toString(),
            texts.required(Setting.AUDIENCE));
    return new Settings(
        new Listener(texts.address(Setting.ADDRESS), texts.port(Setting.PORT)),
        new Listener(
            texts.address(Setting.MANAGEMENT_ADDRESS), texts.port(Setting.MANAGEMENT_PORT)),
        new DatabaseReader(texts).read(),
        redis(),
        issuer,
        keks(),
        keyPace(),
        disclosure(),
        passwords(),
        origins(issuer),
        relyingParty(issuer),
        ClientsFile.read(texts.text(Setting.CLIENTS_FILE)),
        new MailReader(texts).read(),
        trustedProxies(),
        limits(),
        captchaEffort(),
        number(Setting.AUDIT_MONTHS, "0 for all, or a number of months", MOST_MONTHS));
  }

  private RedisSettings redis() {
    var server = texts.uri(Setting.REDIS_URI, Set.of("redis", "rediss"), "redis://host:6379");
    return new RedisSettings(
        server,
        texts.login(Setting.REDIS_URI, server, Setting.REDIS_PASSWORD_FILE),
        texts.required(Setting.REDIS_PREFIX));
  }

  private Keks keks() {
    return new Keks(
        KekFile.read(Setting.KEK_FILE, texts.required(Setting.KEK_FILE)),
        texts.list(Setting.KEK_OTHER_FILES).stream()
            .map(name -> KekFile.read(Setting.KEK_OTHER_FILES, name))
            .toList());
  }

  private KeyPace keyPace() {
    var allowed = "seconds from 4s to 3600s";
    var ahead = texts.parsed(Setting.SIGNING_KEY_AHEAD, SettingTexts::seconds, allowed);
    if (ahead.compareTo(SHORTEST_AHEAD) < 0 || ahead.compareTo(LONGEST_AHEAD) > 0) {
      throw texts.unfit(Setting.SIGNING_KEY_AHEAD, allowed);
    }
    return new KeyPace(ahead);
  }

  private Limits limits() {
    var expected = "attempts/window such as 30/5m";
    return new Limits(
        texts.parsed(Setting.LIMIT_LOGIN_ADDRESS, Limit::parse, expected),
        texts.parsed(Setting.LIMIT_LOGIN_IDENTITY, Limit::parse, expected),
        texts.parsed(Setting.LIMIT_REGISTER, Limit::parse, expected));
  }

  private int captchaEffort() {
    return number(Setting.CAPTCHA_EFFORT, "0 for none, or a number of hashes", MOST_EFFORT);
  }

  private int number(Setting setting, String what, int most) {
    var allowed = what + " up to " + most;
    int number = texts.parsed(setting, Integer::parseInt, allowed);
    if (number < 0 || number > most) {
      throw texts.unfit(setting, allowed);
    }
    return number;
  }

  private Disclosure disclosure() {
    return texts.parsed(
        Setting.REGISTRATION_DISCLOSURE,
        text -> Disclosure.valueOf(text.toUpperCase(Locale.ROOT)),
        "reveal or conceal");
  }

  /** Without an address nobody is asked: nothing goes out to the internet by itself. */
  private PasswordSettings passwords() {
    var ranges =
        texts.text(Setting.PASSWORD_RANGES_URL).isEmpty()
            ? Optional.<URI>empty()
            : Optional.of(
                texts.uri(
                    Setting.PASSWORD_RANGES_URL,
                    Set.of("https", "http"),
                    "https://ranges.example/range/"));
    return new PasswordSettings(Set.copyOf(texts.list(Setting.PASSWORD_CONTEXT_WORDS)), ranges);
  }

  private List<AddressRange> trustedProxies() {
    return texts.parsed(
        Setting.TRUSTED_PROXIES,
        text -> SettingTexts.split(text).stream().map(AddressRange::parse).toList(),
        "a comma list of blocks such as 10.0.0.0/8");
  }

  /** The issuer's own origin is where our pages are; it is always allowed. */
  private Set<String> origins(Issuer issuer) {
    var origins = texts.list(Setting.ALLOWED_ORIGINS).stream().collect(Collectors.toSet());
    for (var origin : origins) {
      if (!origin.matches("https?://[^/]+")) {
        throw texts.unfit(
            Setting.ALLOWED_ORIGINS, "a comma list of origins such as https://app.example");
      }
    }
    var own = URI.create(issuer.url());
    origins.add(own.getScheme() + "://" + own.getRawAuthority());
    return origins;
  }

  /** Passkeys are bound to the host of our pages, or to a domain that it is in. */
  private RelyingParty relyingParty(Issuer issuer) {
    var host = String.valueOf(URI.create(issuer.url()).getHost());
    var written = texts.text(Setting.PASSKEY_RP_ID);
    var id = written.isEmpty() ? host : written;
    if (!host.equals(id) && !host.endsWith("." + id)) {
      throw texts.unfit(Setting.PASSKEY_RP_ID, "the issuer's host, or a domain that it is in");
    }
    return new RelyingParty(id, origins(issuer));
  }
}
