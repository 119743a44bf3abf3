package dev.weir.quickstart.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The folder with a certificate authority for this machine alone, and the certificate it gave the
 * edge.
 *
 * <p>Both are kept between runs, so that a browser is told once. What is missing, near its end, or
 * does not fit together is made anew; a new authority always brings a new server certificate.
 */
public final class LocalAuthority {
  // Systems of one large vendor refuse server certificates that live longer than 825 days.
  private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);
  private static final Duration SERVER_LIFETIME = Duration.ofDays(365);
  private static final Duration RENEWAL = Duration.ofDays(30);
  private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");

  private final Path folder;
  private final Instant now;
  private final SecureRandom random;

  public LocalAuthority(Path folder, Instant now, SecureRandom random) {
    this.folder = folder;
    this.now = now;
    this.random = random;
  }

  /** The certificate that clients are told to trust. */
  public Path authorityFile() {
    return folder.resolve("ca.pem");
  }

  /** The chain that the edge presents. */
  public Path chainFile() {
    return folder.resolve("server.pem");
  }

  /** The key of the edge's certificate. */
  public Path keyFile() {
    return folder.resolve("server.key");
  }

  /** Makes what is missing or no longer good; answers whether anything was made. */
  public boolean refresh() throws IOException, GeneralSecurityException {
    Files.createDirectories(folder);
    var kept = read(authorityFile(), folder.resolve("ca.key")).filter(this::isGoodAuthority);
    if (kept.isEmpty()) {
      writeServer(writeAuthority());
      return true;
    }
    var authority = kept.get();
    if (read(chainFile(), keyFile())
        .filter(server -> isGoodServer(server, authority))
        .isPresent()) {
      return false;
    }
    writeServer(authority);
    return true;
  }

  private Identity writeAuthority() throws IOException, GeneralSecurityException {
    var authority = new CertificateMaker(now, random).authority(AUTHORITY_LIFETIME);
    PrivateFile.write(folder.resolve("ca.key"), Pem.of(authority.key()));
    Files.writeString(authorityFile(), Pem.of(authority.certificate()));
    return authority;
  }

  private void writeServer(Identity authority) throws IOException, GeneralSecurityException {
    var server = new CertificateMaker(now, random).server(authority, SERVER_LIFETIME);
    PrivateFile.write(keyFile(), Pem.of(server.key()));
    Files.writeString(chainFile(), Pem.of(server.certificate()) + Pem.of(authority.certificate()));
  }

  private boolean isGoodAuthority(Identity authority) {
    // It must outlive the server certificates it signs.
    return authority.isValidFromTo(now, now.plus(SERVER_LIFETIME))
        && authority.certificate().getBasicConstraints() >= 0;
  }

  private boolean isGoodServer(Identity server, Identity authority) {
    return server.isValidFromTo(now, now.plus(RENEWAL))
        && isSignedBy(server.certificate(), authority.certificate())
        && names(server.certificate()).containsAll(NAMES);
  }

  private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException foreign) {
      return false;
    }
  }

  private static Set<String> names(X509Certificate certificate) {
    try {
      var names = Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of());
      return names.stream().map(name -> String.valueOf(name.get(1))).collect(Collectors.toSet());
    } catch (GeneralSecurityException unreadable) {
      return Set.of();
    }
  }

  private static Optional<Identity> read(Path certificate, Path key) {
    try {
      var identity = new Identity(Pem.certificate(certificate), Pem.key(key));
      return Optional.of(identity).filter(LocalAuthority::belongTogether);
    } catch (IOException | GeneralSecurityException broken) {
      return Optional.empty();
    }
  }

  private static boolean belongTogether(Identity identity) {
    try {
      return identity.belongTogether();
    } catch (GeneralSecurityException mismatch) {
      return false;
    }
  }
}
