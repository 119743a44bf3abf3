package dev.weir.auth.config;

import dev.weir.auth.config.Settings.Host;
import dev.weir.auth.config.Settings.Login;
import dev.weir.auth.config.Settings.Place;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections before anything is served: to the one host, or to whichever of several can be
 * written to. The driver's own choice among hosts would tell of the last one alone why it was not
 * taken, and not of a password that the others refuse.
 */
final class StartConnections {
  private static final Logger LOG = LoggerFactory.getLogger(StartConnections.class);

  private static final String OLD =
      "an old primary can still be written to: it is not used, and has to be fenced off";

  /** Class 08: no connection. */
  private static final String UNREACHABLE = "08001";

  /** Class 28: waiting would not help. */
  private static final String REFUSED = "28000";

  private final Place place;

  /** Of any host so far; one thread starts a service. */
  private long newest = Timeline.UNKNOWN;

  private boolean isAsked;

  StartConnections(Place place) {
    this.place = place;
  }

  Connection connect(Login login) throws SQLException {
    return place.hosts().size() == 1
        ? connectAlone(place.hosts().getFirst(), login)
        : connectToPrimary(login);
  }

  /**
   * Asks every host on which timeline it is, and tells of those that can be written to and should
   * not be; unknown for a single host, which is taken as it is.
   */
  long newestTimeline(Login login) {
    if (place.hosts().size() == 1) {
      return Timeline.UNKNOWN;
    }
    var timelines = new LinkedHashMap<Host, Long>();
    for (var host : place.hosts()) {
      try (var connection = connect(host, login)) {
        if (isWritable(connection)) {
          timelines.put(host, timeline(connection));
        }
      } catch (SQLException e) {
        // Whoever wants a connection is told.
        LOG.atDebug().addKeyValue("host", host).addKeyValue("cause", e.toString()).log("no answer");
      }
    }
    isAsked = !timelines.isEmpty();
    newest = timelines.values().stream().reduce(newest, Math::max);
    timelines.entrySet().stream()
        .filter(of -> Timeline.isOld(of.getValue(), newest))
        .map(of -> PassedOver.old(of.getKey(), of.getValue(), newest))
        .forEach(old -> LOG.atWarn().addKeyValue("host", old).log(OLD));
    return newest;
  }

  private Connection connectAlone(Host host, Login login) throws SQLException {
    try {
      return connect(host, login);
    } catch (SQLException e) {
      if (TlsFault.of(e).isEmpty()) {
        throw e;
      }
      throw new SQLException(PassedOver.after(host, e).toString(), REFUSED, e);
    }
  }

  private Connection connectToPrimary(Login login) throws SQLException {
    if (!isAsked) {
      newestTimeline(login);
    }
    var passedOver = new ArrayList<PassedOver>();
    for (var host : place.hosts()) {
      try {
        var connection = connect(host, login);
        var fault = fault(host, connection);
        if (fault.isEmpty()) {
          return connection;
        }
        connection.close();
        passedOver.add(fault.get());
      } catch (SQLException e) {
        passedOver.add(PassedOver.after(host, e));
      }
    }
    // Another host may still come, or become the primary, unless all of them refuse us.
    boolean isHopeless = passedOver.stream().allMatch(PassedOver::isRefusal);
    throw new SQLException(
        "no host is a primary: " + PassedOver.all(passedOver), isHopeless ? REFUSED : UNREACHABLE);
  }

  private Optional<PassedOver> fault(Host host, Connection connection) throws SQLException {
    try {
      if (!isWritable(connection)) {
        return Optional.of(PassedOver.readOnly(host));
      }
      long timeline = timeline(connection);
      return Timeline.isOld(timeline, newest)
          ? Optional.of(PassedOver.old(host, timeline, newest))
          : Optional.empty();
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static boolean isWritable(Connection connection) throws SQLException {
    return "off".equals(asked(connection, "show transaction_read_only"));
  }

  private static long timeline(Connection connection) throws SQLException {
    try {
      return Timeline.parse(asked(connection, Timeline.SQL));
    } catch (SQLException e) {
      if (connection.isValid(1)) {
        // It may not ask, or this is a Postgres that has no such function.
        return Timeline.UNKNOWN;
      }
      throw e;
    }
  }

  private static String asked(Connection connection, String question) throws SQLException {
    try (var statement = connection.createStatement();
        var answer = statement.executeQuery(question)) {
      answer.next();
      return String.valueOf(answer.getString(1));
    }
  }

  private Connection connect(Host host, Login login) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", login.user());
    properties.setProperty("password", login.password().text());
    properties.setProperty("connectTimeout", "2");
    properties.setProperty("loginTimeout", "5");
    properties.setProperty("socketTimeout", "30");
    return DriverManager.getConnection(url(host), properties);
  }

  private String url(Host host) {
    var name = URLEncoder.encode(place.name(), StandardCharsets.UTF_8);
    return "jdbc:postgresql://" + host + "/" + name + PostgresTls.parameters(place.tls(), host);
  }
}
