package dev.weir.quickstart.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class LocalAuthorityTest {
  private static final char[] NO_PASSWORD = {};
  private final Instant now = Instant.now();

  @TempDir Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1"})
  void isTrustedForTheNamesOfThisMachine(String name) throws Exception {
    var authority = authority(now);
    authority.refresh();
    try (var server = listen(authority)) {
      Thread.startVirtualThread(() -> greet(server));
      assertThat(connect(authority, name, server.getLocalPort())).isEqualTo('w');
    }
  }

  @Test
  void keepsKeysFromOthers() throws Exception {
    authority(now).refresh();
    for (var key : new String[] {"ca.key", "server.key"}) {
      var permissions = Files.getPosixFilePermissions(folder.resolve(key));
      assertThat(PosixFilePermissions.toString(permissions)).isEqualTo("rw-------");
    }
  }

  @Test
  void keepsWhatIsGood() throws Exception {
    assertThat(authority(now).refresh()).isTrue();
    var chain = Files.readString(folder.resolve("server.pem"));
    assertThat(authority(now.plus(Duration.ofDays(300))).refresh()).isFalse();
    assertThat(folder.resolve("server.pem")).hasContent(chain);
  }

  @Test
  void renewsTheServerCertificateUnderTheSameAuthorityNearItsEnd() throws Exception {
    authority(now).refresh();
    var trusted = Files.readString(folder.resolve("ca.pem"));
    var chain = Files.readString(folder.resolve("server.pem"));
    assertThat(authority(now.plus(Duration.ofDays(340))).refresh()).isTrue();
    assertThat(folder.resolve("ca.pem")).hasContent(trusted);
    assertThat(Files.readString(folder.resolve("server.pem"))).isNotEqualTo(chain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ca.pem", "ca.key", "server.pem", "server.key"})
  void mendsAFileThatIsBroken(String name) throws Exception {
    authority(now).refresh();
    Files.writeString(folder.resolve(name), "-----BEGIN PRIVATE KEY-----\n?\n");
    assertThat(authority(now).refresh()).isTrue();
    assertThat(authority(now).refresh()).isFalse();
  }

  @Test
  void mendsAKeyOfAnotherCertificate(@TempDir Path other) throws Exception {
    authority(now).refresh();
    new LocalAuthority(other, now, new SecureRandom()).refresh();
    Files.writeString(folder.resolve("server.key"), Files.readString(other.resolve("server.key")));
    assertThat(authority(now).refresh()).isTrue();
  }

  private LocalAuthority authority(Instant now) {
    return new LocalAuthority(folder, now, new SecureRandom());
  }

  private static SSLServerSocket listen(LocalAuthority authority) throws Exception {
    var chain =
        CertificateFactory.getInstance("X.509").generateCertificates(open(authority.chainFile()));
    var keys = KeyStore.getInstance("PKCS12");
    keys.load(null, NO_PASSWORD);
    keys.setKeyEntry(
        "edge", Pem.key(authority.keyFile()), NO_PASSWORD, chain.toArray(new Certificate[0]));
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, NO_PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return (SSLServerSocket)
        context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  private static void greet(SSLServerSocket server) {
    try (var client = server.accept()) {
      client.getOutputStream().write('w');
    } catch (IOException closed) {
      // The test's own assertion fails then.
    }
  }

  private static int connect(LocalAuthority authority, String name, int port) throws Exception {
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, NO_PASSWORD);
    trusted.setCertificateEntry("ca", Pem.certificate(authority.authorityFile()));
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    try (var socket = (SSLSocket) context.getSocketFactory().createSocket(name, port)) {
      var parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      return socket.getInputStream().read();
    }
  }

  private static InputStream open(Path file) throws IOException {
    return Files.newInputStream(file);
  }
}
