package dev.weir.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.util.Base64;
import java.util.stream.Stream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyPairingTest {
  @TempDir Path folder;

  /** The JDK leaves the point out of an EC key's file, Bouncy Castle and OpenSSL write it. */
  static Stream<Arguments> kinds() {
    Provider jdk = Security.getProvider("SunEC");
    return Stream.of(
        Arguments.of("EC", 256, jdk),
        Arguments.of("EC", 384, jdk),
        Arguments.of("EC", 256, new BouncyCastleProvider()),
        Arguments.of("EC", 521, new BouncyCastleProvider()),
        Arguments.of("RSA", 2048, Security.getProvider("SunRsaSign")));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void tellsACertificatesOwnKeyFromAStranger(String algorithm, int bits, Provider provider)
      throws GeneralSecurityException, IOException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm, provider);
    generator.initialize(bits);
    KeyPair own = generator.generateKeyPair();
    KeyPair stranger = generator.generateKeyPair();
    Path file = write(own.getPrivate());

    assertThat(KeyPairing.isPkcs8(file)).isTrue();
    assertThat(KeyPairing.fits(file, own.getPublic())).isTrue();
    assertThat(KeyPairing.fits(file, stranger.getPublic())).isFalse();
  }

  private Path write(PrivateKey key) throws IOException {
    String body = Base64.getMimeEncoder().encodeToString(key.getEncoded());
    return Files.writeString(
        folder.resolve("key.pem"),
        "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
  }
}
