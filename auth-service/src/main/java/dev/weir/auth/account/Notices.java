package dev.weir.auth.account;

import dev.weir.auth.mail.Mail;
import dev.weir.auth.outbox.Outbox;
import dev.weir.auth.outbox.Topic;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * Tells people what changed on their account (ASVS 6.3.7), in the transaction of the change. Nobody
 * can cause one without being logged in or holding a mailed code, so no budget applies.
 */
public final class Notices {
  private final Accounts accounts;
  private final Outbox outbox;

  public Notices(Accounts accounts, Outbox outbox) {
    this.accounts = accounts;
    this.outbox = outbox;
  }

  /** Mails the person at the address that they have now. */
  public Mono<Void> tell(UUID userId, Notice notice) {
    return accounts.details(userId).flatMap(details -> tell(details.email(), notice));
  }

  public Mono<Void> tell(String address, Notice notice) {
    return send(new Mail(address, notice.subject(), notice.text()));
  }

  /** Queues a mail. */
  public Mono<Void> send(Mail mail) {
    return outbox.add(Topic.MAIL, mail.pack(), "mail:" + UUID.randomUUID()).then();
  }
}
