package dev.weir.auth.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Every key of the process configuration, with its value when nobody sets it ("" where somebody
 * must).
 */
enum Setting {
  PORT("8090"),
  ADDRESS("127.0.0.1"),
  MANAGEMENT_PORT("9902"),
  MANAGEMENT_ADDRESS("127.0.0.1"),
  DATABASE_URL("postgresql://127.0.0.1:5432/weir"),
  DATABASE_REPLICA_URL(""),
  DATABASE_USER("auth_app"),
  DATABASE_PASSWORD(""),
  DATABASE_PASSWORD_FILE(""),
  DATABASE_OWNER_USER("auth_owner"),
  DATABASE_OWNER_PASSWORD(""),
  DATABASE_OWNER_PASSWORD_FILE(""),
  DATABASE_OUTBOX_USER("auth_outbox"),
  DATABASE_OUTBOX_PASSWORD(""),
  DATABASE_OUTBOX_PASSWORD_FILE(""),
  DATABASE_READ_USER("auth_read"),
  DATABASE_READ_PASSWORD(""),
  DATABASE_READ_PASSWORD_FILE(""),
  DATABASE_PURGE_USER("auth_purge"),
  DATABASE_PURGE_PASSWORD(""),
  DATABASE_PURGE_PASSWORD_FILE(""),
  DATABASE_PATIENCE("20s"),
  DATABASE_TLS("auto"),
  DATABASE_CA_FILE(""),
  REDIS_URI("redis://127.0.0.1:6379"),
  REDIS_PASSWORD_FILE(""),
  REDIS_PREFIX("a:local:"),
  ISSUER("https://localhost:8443/auth"),
  AUDIENCE("weir-api"),
  KEK_FILE(""),
  KEK_OTHER_FILES(""),
  SIGNING_KEY_AHEAD("600s"),
  REGISTRATION_DISCLOSURE("conceal"),
  PASSWORD_CONTEXT_WORDS(""),
  PASSWORD_RANGES_URL(""),
  ALLOWED_ORIGINS(""),
  PASSKEY_RP_ID(""),
  CLIENTS_FILE(""),
  MAIL_SMTP_URI("smtp://127.0.0.1:1025"),
  MAIL_PASSWORD_FILE(""),
  MAIL_STARTTLS("auto"),
  MAIL_FROM("weir@localhost"),
  TRUSTED_PROXIES("127.0.0.0/8,::1/128"),
  LIMIT_LOGIN_ADDRESS("30/5m"),
  LIMIT_LOGIN_IDENTITY("10/15m"),
  CAPTCHA_EFFORT("0"),
  LIMIT_REGISTER("5/1h"),
  AUDIT_MONTHS("0");

  static final String VARIABLE_PREFIX = "WEIR_AUTH_";
  static final String PROPERTY_PREFIX = "weir.auth.";

  private final String fallback;

  Setting(String fallback) {
    this.fallback = fallback;
  }

  String fallback() {
    return fallback;
  }

  String variable() {
    return VARIABLE_PREFIX + name();
  }

  /**
   * Finds the setting of {@code WEIR_AUTH_KEK_FILE}, {@code weir.auth.kek-file} or {@code
   * weir.auth.kek.file}.
   */
  static Optional<Setting> of(String key) {
    var folded = folded(key);
    return Arrays.stream(values()).filter(s -> folded(s.variable()).equals(folded)).findFirst();
  }

  boolean isSecret() {
    return name().endsWith("PASSWORD") || this == REDIS_URI || this == MAIL_SMTP_URI;
  }

  private static String folded(String key) {
    return key.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
  }
}
