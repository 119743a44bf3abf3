package dev.weir.auth.mail;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.util.Properties;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Sends mail by SMTP; blocking, so each mail has a thread of the bounded pool, and every wait has
 * an end.
 */
public final class SmtpMailer implements Mailer {
  private static final String TIMEOUT_MILLIS = "5000";

  private final Session session;
  private final String from;

  /** Takes {@code smtp://host:port} or {@code smtps://user:password@host:port}. */
  public SmtpMailer(URI server, String from, StartTls startTls) {
    var scheme = server.getScheme();
    var properties = new Properties();
    properties.setProperty("mail.transport.protocol", scheme);
    var prefix = "mail." + scheme + ".";
    properties.setProperty(prefix + "host", server.getHost());
    properties.setProperty(prefix + "port", Integer.toString(server.getPort()));
    properties.setProperty(prefix + "connectiontimeout", TIMEOUT_MILLIS);
    properties.setProperty(prefix + "timeout", TIMEOUT_MILLIS);
    properties.setProperty(prefix + "writetimeout", TIMEOUT_MILLIS);
    properties.setProperty(prefix + "starttls.enable", "true");
    properties.setProperty(
        prefix + "starttls.required", Boolean.toString(startTls == StartTls.REQUIRED));
    properties.setProperty(prefix + "ssl.checkserveridentity", "true");
    this.session = Session.getInstance(properties, new UserInfo(server));
    this.from = from;
    if (server.getUserInfo() != null) {
      properties.setProperty(prefix + "auth", "true");
    }
  }

  @Override
  public Mono<Void> send(Mail mail) {
    return Mono.fromCallable(() -> transmit(mail)).subscribeOn(Schedulers.boundedElastic()).then();
  }

  private Mail transmit(Mail mail) throws MessagingException {
    var message = new MimeMessage(session);
    message.setFrom(new InternetAddress(from));
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(mail.to()));
    message.setSubject(mail.subject(), "UTF-8");
    message.setText(mail.text(), "UTF-8");
    Transport.send(message);
    return mail;
  }

  private static final class UserInfo extends jakarta.mail.Authenticator {
    private final URI server;

    UserInfo(URI server) {
      this.server = server;
    }

    @Override
    protected jakarta.mail.PasswordAuthentication getPasswordAuthentication() {
      var parts = String.valueOf(server.getUserInfo()).split(":", 2);
      return new jakarta.mail.PasswordAuthentication(parts[0], parts.length > 1 ? parts[1] : "");
    }
  }
}
