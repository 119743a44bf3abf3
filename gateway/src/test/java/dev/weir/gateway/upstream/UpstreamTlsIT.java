package dev.weir.gateway.upstream;

import static dev.weir.gateway.upstream.ClientFixture.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.AttemptFailure.Kind;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.Http2Upstream;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.fixture.ScriptedUpstream;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.PoolPolicy;
import dev.weir.gateway.route.Protocol;
import dev.weir.gateway.route.Upstream;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** TLS to the upstream: only who proves the endpoint's name is spoken to. */
@ExtendWith(LeakCheck.class)
final class UpstreamTlsIT {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private record Identity(KeyPair keys, X509Certificate certificate) {

    static Identity named(String name) throws Exception {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair keys = generator.generateKeyPair();
      var subject = new X500Name("CN=" + name);
      Instant now = Instant.now();
      var builder =
          new JcaX509v3CertificateBuilder(
              subject,
              BigInteger.ONE,
              Date.from(now.minus(1, ChronoUnit.HOURS)),
              Date.from(now.plus(1, ChronoUnit.HOURS)),
              subject,
              keys.getPublic());
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return new Identity(
          keys, new JcaX509CertificateConverter().getCertificate(builder.build(signer)));
    }

    SslContext http2() throws Exception {
      return SslContextBuilder.forServer(keys.getPrivate(), certificate)
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  ApplicationProtocolConfig.Protocol.ALPN,
                  ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                  ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                  ApplicationProtocolNames.HTTP_2))
          .build();
    }

    ScriptedUpstream serve() throws Exception {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "server", keys.getPrivate(), new char[0], new X509Certificate[] {certificate});
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, new char[0]);
      var context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      var socket =
          context
              .getServerSocketFactory()
              .createServerSocket(0, 16, InetAddress.getLoopbackAddress());
      return ScriptedUpstream.start(
          socket,
          peer -> {
            while (peer.readHead()) {
              peer.write(OK);
            }
          });
    }
  }

  private static ClientFixture trusting(Identity identity) throws Exception {
    return new ClientFixture(
        ClientTls.of(trust(identity), Protocol.H1), ClientTls.of(trust(identity), Protocol.H2));
  }

  private static SslContextBuilder trust(Identity identity) {
    return SslContextBuilder.forClient().trustManager(identity.certificate());
  }

  /** By name, so that the resolver is asked as well. */
  private static Upstream byName(ScriptedUpstream server) {
    return Exchanges.upstream(
        new Endpoint(Endpoint.Scheme.HTTPS, "localhost", server.endpoint().port()));
  }

  @Test
  void speaksToWhoProvesTheName() throws Exception {
    Identity identity = Identity.named("localhost");
    try (var server = identity.serve();
        var client = trusting(identity)) {
      Upstream upstream = byName(server);

      assertThat(ClientFixture.await(client.get(upstream, client.first())).body()).isEqualTo("ok");
      assertThat(ClientFixture.await(client.get(upstream, client.first())).body()).isEqualTo("ok");
      assertThat(server.accepted()).isOne();
    }
  }

  @Test
  void refusesCertificateForAnotherName() throws Exception {
    Identity identity = Identity.named("other.example");
    try (var server = identity.serve();
        var client = trusting(identity)) {
      var failure = awaitFailure(client.get(byName(server), client.first()));

      assertThat(failure.kind()).isEqualTo(Kind.CONNECT_FAILED);
      assertThat(failure.requestSent()).isFalse();
    }
  }

  @Test
  void refusesCertificateThatNobodyTrusts() throws Exception {
    try (var server = Identity.named("localhost").serve();
        var client = new ClientFixture()) {
      var failure = awaitFailure(client.get(byName(server), client.first()));

      assertThat(failure.kind()).isEqualTo(Kind.CONNECT_FAILED);
      assertThat(server.heads()).isEmpty();
    }
  }

  @Test
  void agreesOnHttp2() throws Exception {
    Identity identity = Identity.named("localhost");
    var setup = Http2Upstream.Setup.of(call -> call.ok(call.field(":scheme")));
    try (var server = Http2Upstream.start(setup.with(identity.http2()));
        var client = trusting(identity)) {
      Upstream upstream = server.upstream(1);

      assertThat(ClientFixture.await(client.get(upstream, client.first())).body())
          .isEqualTo("https");
      assertThat(ClientFixture.await(client.get(upstream, client.first())).body())
          .isEqualTo("https");
      assertThat(server.accepted()).isOne();
    }
  }

  @Test
  void refusesHttp2ThatThePeerDoesNotAgreeOn() throws Exception {
    Identity identity = Identity.named("localhost");
    try (var server = identity.serve();
        var client = trusting(identity)) {
      Upstream plain = byName(server);
      var failure =
          awaitFailure(
              client.get(
                  new Upstream(
                      plain.name(),
                      plain.endpoints(),
                      new PoolPolicy(LONG, 1, LONG, LONG, LONG, Protocol.H2),
                      plain.breaker(),
                      plain.selection()),
                  client.first()));

      assertThat(failure.kind()).isEqualTo(Kind.CONNECT_FAILED);
      assertThat(failure).hasMessageContaining("ALPN");
      assertThat(server.heads()).isEmpty();
    }
  }
}
