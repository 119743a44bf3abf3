package dev.weir.auth.mail;

import dev.weir.auth.outbox.Delivery;
import dev.weir.auth.outbox.Message;
import dev.weir.auth.outbox.Topic;
import reactor.core.publisher.Mono;

/** Delivers the outbox's mails through the mail port. */
public final class MailDelivery implements Delivery {
  private final Mailer mailer;

  public MailDelivery(Mailer mailer) {
    this.mailer = mailer;
  }

  @Override
  public Topic topic() {
    return Topic.MAIL;
  }

  @Override
  public Mono<Void> deliver(Message message) {
    return mailer.send(Mail.unpack(message.payload()));
  }
}
