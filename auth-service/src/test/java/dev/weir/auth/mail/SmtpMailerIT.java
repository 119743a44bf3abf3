package dev.weir.auth.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.SmtpSink;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SmtpMailerIT {
  private static final Mail MAIL = new Mail("ada@example.com", "subject", "text");

  private final SmtpSink sink = SmtpSink.start();

  @Test
  void comesWithThePasswordAsItIsAtEachMail() {
    var password = new AtomicReference<>("one");
    var mailer = mailer(Optional.of(new SmtpMailer.Login("weir", password::get)));
    mailer.send(MAIL).block(Duration.ofSeconds(10));
    password.set("two");
    mailer.send(MAIL).block(Duration.ofSeconds(10));
    assertThat(sink.logins()).containsExactly("weir:one", "weir:two");
    assertThat(sink.to("ada@example.com")).hasSize(2);
  }

  @Test
  void saysNotWhoItIsWhereNobodyIsNamed() {
    mailer(Optional.empty()).send(MAIL).block(Duration.ofSeconds(10));
    assertThat(sink.logins()).isEmpty();
    assertThat(sink.to("ada@example.com")).hasSize(1);
  }

  private SmtpMailer mailer(Optional<SmtpMailer.Login> login) {
    var server = URI.create("smtp://127.0.0.1:" + sink.port());
    return new SmtpMailer(server, login, "weir@example.com", StartTls.OFFERED);
  }
}
