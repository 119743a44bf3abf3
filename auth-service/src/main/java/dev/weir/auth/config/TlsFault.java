package dev.weir.auth.config;

import io.r2dbc.spi.R2dbcPermissionDeniedException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Why a server was not told a password: it did not prove by TLS that it is the right one. */
enum TlsFault {
  REFUSED,
  UNTRUSTED;

  private static final int DEEPEST = 10;

  /** Words it for whoever has to mend it. */
  String told(String details) {
    return switch (this) {
      case REFUSED -> "tls-refused (it offers none)";
      case UNTRUSTED -> "tls-untrusted (" + details + ")";
    };
  }

  static Optional<TlsFault> of(Throwable error) {
    return Stream.<Throwable>iterate(error, Objects::nonNull, Throwable::getCause)
        .limit(DEEPEST)
        .flatMap(cause -> ofOne(cause).stream())
        .findFirst();
  }

  private static Optional<TlsFault> ofOne(Throwable error) {
    return switch (error) {
      case CertificateException _ -> Optional.of(UNTRUSTED);
      case R2dbcPermissionDeniedException e when says(e, "Server support for SSL") ->
          Optional.of(REFUSED);
      // In the language of the JVM, in which these two words stay.
      case SQLException e when says(e, "PgjdbcHostnameVerifier") -> Optional.of(UNTRUSTED);
      case SQLException e when "08004".equals(e.getSQLState()) && says(e, "SSL") ->
          Optional.of(REFUSED);
      default -> Optional.empty();
    };
  }

  private static boolean says(Throwable error, String words) {
    return String.valueOf(error.getMessage()).contains(words);
  }
}
