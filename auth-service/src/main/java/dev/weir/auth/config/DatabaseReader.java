package dev.weir.auth.config;

import dev.weir.auth.config.Settings.DatabaseSettings;
import dev.weir.auth.config.Settings.Host;
import dev.weir.auth.config.Settings.Login;
import dev.weir.auth.config.Settings.Logins;
import dev.weir.auth.config.Settings.Place;
import java.net.URI;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads where Postgres is, and as whom to come. */
record DatabaseReader(SettingTexts texts) {
  private static final Pattern URL = Pattern.compile("postgres(?:ql)?://([^/@?#]+)/([^/@?#]+)");
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");
  private static final int USUAL_PORT = 5432;
  private static final int HIGHEST_PORT = 65_535;

  /** Each of them costs half a second of a connection's patience when it says nothing. */
  private static final int MOST_HOSTS = 4;

  DatabaseSettings read() {
    var tls = new DatabaseTlsReader(texts).read();
    var replica =
        texts.text(Setting.DATABASE_REPLICA_URL).isEmpty()
            ? Optional.<Place>empty()
            : Optional.of(place(Setting.DATABASE_REPLICA_URL, 1, tls));
    return new DatabaseSettings(
        place(Setting.DATABASE_URL, MOST_HOSTS, tls),
        replica,
        logins(),
        texts.parsed(Setting.DATABASE_PATIENCE, SettingTexts::seconds, "seconds such as 20s"));
  }

  private Place place(Setting setting, int mostHosts, DatabaseTls tls) {
    var several = mostHosts > 1 ? ", or up to " + mostHosts + " hosts with commas between," : ",";
    return texts.parsed(
        setting,
        text -> place(text, mostHosts, tls),
        "postgresql://host:5432/name" + several + " with the users set apart");
  }

  private static Place place(String text, int mostHosts, DatabaseTls tls) {
    var url = URL.matcher(text);
    if (!url.matches()) {
      throw new IllegalArgumentException("not such a URL");
    }
    var hosts = Arrays.stream(url.group(1).split(",", -1)).map(DatabaseReader::host).toList();
    if (hosts.size() > mostHosts || new HashSet<>(hosts).size() < hosts.size()) {
      throw new IllegalArgumentException("too many hosts, or one of them twice");
    }
    return new Place(hosts, URI.create("/" + url.group(2)).getPath().substring(1), tls);
  }

  private static Host host(String text) {
    var host = HOST.matcher(text);
    if (!host.matches()) {
      throw new IllegalArgumentException("not a host");
    }
    int port = host.group(2) == null ? USUAL_PORT : Integer.parseInt(host.group(2));
    if (port < 1 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("not a port");
    }
    return new Host(host.group(1), port);
  }

  /** The roles beside the main one share its password unless they are given their own. */
  private Logins logins() {
    var main = texts.secret(Setting.DATABASE_PASSWORD, Setting.DATABASE_PASSWORD_FILE);
    var owner = texts.secret(Setting.DATABASE_OWNER_PASSWORD, Setting.DATABASE_OWNER_PASSWORD_FILE);
    var outbox =
        texts.secret(Setting.DATABASE_OUTBOX_PASSWORD, Setting.DATABASE_OUTBOX_PASSWORD_FILE);
    var read = texts.secret(Setting.DATABASE_READ_PASSWORD, Setting.DATABASE_READ_PASSWORD_FILE);
    var purge = texts.secret(Setting.DATABASE_PURGE_PASSWORD, Setting.DATABASE_PURGE_PASSWORD_FILE);
    return new Logins(
        login(Setting.DATABASE_OWNER_USER, owner),
        login(Setting.DATABASE_USER, main),
        login(Setting.DATABASE_OUTBOX_USER, ownOr(main, outbox)),
        login(Setting.DATABASE_READ_USER, ownOr(main, read)),
        login(Setting.DATABASE_PURGE_USER, ownOr(main, purge)));
  }

  private Login login(Setting user, Secret password) {
    return new Login(texts.required(user), password);
  }

  private static Secret ownOr(Secret main, Secret own) {
    return own.text().isEmpty() ? main : own;
  }
}
