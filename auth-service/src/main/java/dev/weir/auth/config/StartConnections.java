package dev.weir.auth.config;

import dev.weir.auth.config.Settings.Host;
import dev.weir.auth.config.Settings.Login;
import dev.weir.auth.config.Settings.Place;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Properties;

/**
 * Opens connections before anything is served: to the one host, or to whichever of several can be
 * written to. The driver's own choice among hosts would tell of the last one alone why it was not
 * taken, and not of a password that the others refuse.
 */
final class StartConnections {
  /** Class 08: no connection. */
  private static final String UNREACHABLE = "08001";

  private final Place place;

  StartConnections(Place place) {
    this.place = place;
  }

  Connection connect(Login login) throws SQLException {
    return place.hosts().size() == 1
        ? connect(place.hosts().getFirst(), login)
        : connectToPrimary(login);
  }

  private Connection connectToPrimary(Login login) throws SQLException {
    var passedOver = new ArrayList<PassedOver>();
    for (var host : place.hosts()) {
      try {
        var connection = connect(host, login);
        if (isWritable(connection)) {
          return connection;
        }
        connection.close();
        passedOver.add(PassedOver.readOnly(host));
      } catch (SQLException e) {
        passedOver.add(PassedOver.after(host, e));
      }
    }
    // Another host may still come, or become the primary, unless all of them refuse us.
    boolean isHopeless = passedOver.stream().allMatch(PassedOver::isRefusal);
    throw new SQLException(
        "no host is a primary: " + PassedOver.all(passedOver), isHopeless ? "28000" : UNREACHABLE);
  }

  private static boolean isWritable(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var answer = statement.executeQuery("show transaction_read_only")) {
      answer.next();
      return "off".equals(answer.getString(1));
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private Connection connect(Host host, Login login) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", login.user());
    properties.setProperty("password", login.password());
    properties.setProperty("connectTimeout", "2");
    properties.setProperty("loginTimeout", "5");
    properties.setProperty("socketTimeout", "30");
    return DriverManager.getConnection(url(host), properties);
  }

  private String url(Host host) {
    return "jdbc:postgresql://" + host + "/" + place.name();
  }
}
