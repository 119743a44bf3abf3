package dev.weir.auth.recovery;

import dev.weir.auth.account.Account;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.account.Invitations;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.exchange.Json;
import dev.weir.auth.outbox.Delivery;
import dev.weir.auth.outbox.Message;
import dev.weir.auth.outbox.Topic;
import dev.weir.auth.session.Origin;
import reactor.core.publisher.Mono;

/** Looks up who forgot a password, after the answer, and mails a code if there is somebody. */
public final class RecoveryDelivery implements Delivery {
  private final Database database;
  private final Accounts accounts;
  private final Invitations invitations;
  private final AuditLog audit;

  public RecoveryDelivery(
      Database database, Accounts accounts, Invitations invitations, AuditLog audit) {
    this.database = database;
    this.accounts = accounts;
    this.invitations = invitations;
    this.audit = audit;
  }

  @Override
  public Topic topic() {
    return Topic.RECOVERY;
  }

  @Override
  public Mono<Void> deliver(Message message) {
    var wish = Json.STRICT.readValue(message.payload(), Wish.class);
    var work =
        accounts
            .findByEmail(new EmailAddress(wish.email()))
            .filter(Account::mayReset)
            .flatMap(account -> send(account, wish));
    return database.inTransaction(work);
  }

  private Mono<Void> send(Account account, Wish wish) {
    var origin = new Origin(wish.address(), wish.traceId());
    return audit
        .append(origin.event(AuditAction.PASSWORD_RESET_ASKED, account.id()))
        .then(invitations.reset(account.id(), wish.email()));
  }

  /** A wish for a reset: whose, and where from. */
  record Wish(String email, String address, String traceId) {
    byte[] pack() {
      return Json.STRICT.writeValueAsBytes(this);
    }

    @Override
    public String toString() {
      return "Wish[hidden]";
    }
  }
}
