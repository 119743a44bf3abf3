package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.auth.mail.Mail;
import dev.weir.auth.outbox.Outbox;
import dev.weir.auth.outbox.OutboxWorker;
import dev.weir.auth.outbox.Topic;
import dev.weir.auth.testing.Race;
import dev.weir.auth.testing.TestSystem;
import dev.weir.auth.testing.Together;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Side effects: carried out although whoever was at it died, and once although many are at it. */
class DeliveryRaceIT {
  private final TestSystem system = TestSystem.shared();
  private final Outbox outbox = system.context().getBean(Outbox.class);
  private final OutboxWorker worker = system.context().getBean(OutboxWorker.class);

  /** Who has claimed a message and died cannot be told from who is slow: 30 s later it is due. */
  @Test
  @Tag("R17")
  void sendsTheMailOfAProcessThatDiedBetweenCommitAndMail() {
    Race.of("R17", "a mail claimed by a process that died", 2)
        .run(
            outcomes -> {
              var to = UUID.randomUUID() + "@example.org";
              outbox.addClaimed(Topic.MAIL, mail(to), to).block();
              worker.deliverDue().block();
              assertThat(system.smtp().to(to)).isEmpty();
              system.clock().advance(Duration.ofSeconds(31));
              worker.deliverDue().block();
              awaitSent(to);
              assertThat(system.smtp().to(to)).hasSize(1);
              outcomes.add("mail, once");
            });
  }

  /** Two services over one database, each of them also in its own rounds. */
  @Test
  @Tag("R20")
  void sendsEachMailOnceHoweverManyWorkersAreAtIt() {
    Race.of("R20", "10 mails, 3 rounds at once in each of 2 services", 3)
        .run(
            outcomes -> {
              var other = system.concealingService().getBean(OutboxWorker.class);
              var addresses =
                  Stream.generate(() -> UUID.randomUUID() + "@example.org").limit(10).toList();
              addresses.forEach(to -> outbox.add(Topic.MAIL, mail(to), to).block());
              var workers = List.of(worker, other);
              Together.call(
                  6, i -> workers.get(i % 2).deliverDue().thenReturn(true).blockOptional());
              addresses.forEach(this::awaitSent);
              for (var to : addresses) {
                assertThat(system.smtp().to(to)).as(to).hasSize(1);
              }
              outcomes.add("mail, once", addresses.size());
            });
  }

  private void awaitSent(String key) {
    // Most are sent by now: a first look after the usual tenth of a second cost a run a whole one.
    await()
        .atMost(Duration.ofSeconds(10))
        .pollDelay(Duration.ZERO)
        .until(() -> outbox.unsent(key).blockOptional().isEmpty());
  }

  private static byte[] mail(String to) {
    return new Mail(to, "A race", "Once.").pack();
  }
}
