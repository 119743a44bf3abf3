package dev.weir.auth.mail;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Sends mail by SMTP; blocking, so each mail has a thread of the bounded pool, and every wait has
 * an end.
 */
public final class SmtpMailer implements Mailer {
  private static final String TIMEOUT_MILLIS = "5000";

  private final Session session;
  private final Optional<Login> login;
  private final String from;

  /** Who sends; the password is asked for at each mail. */
  public record Login(String user, Supplier<String> password) {}

  /** Takes {@code smtp://host:port} or {@code smtps://host:port}. */
  public SmtpMailer(URI server, Optional<Login> login, String from, StartTls startTls) {
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
    properties.setProperty(prefix + "auth", Boolean.toString(login.isPresent()));
    this.session = Session.getInstance(properties);
    this.login = login;
    this.from = from;
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
    if (login.isEmpty()) {
      Transport.send(message);
      return mail;
    }
    // Not through the session, which would keep the password that was right once.
    Transport.send(message, login.get().user(), login.get().password().get());
    return mail;
  }
}
