package dev.weir.auth.session;

import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.outbox.Delivery;
import dev.weir.auth.outbox.Message;
import dev.weir.auth.outbox.Topic;
import reactor.core.publisher.Mono;

/** Delivers the outbox's revocations to the gateways' feed. */
public final class RevocationDelivery implements Delivery {
  private final RevocationFeed feed;
  private final AuthMetrics metrics;

  public RevocationDelivery(RevocationFeed feed, AuthMetrics metrics) {
    this.feed = feed;
    this.metrics = metrics;
  }

  @Override
  public Topic topic() {
    return Topic.REVOCATION;
  }

  @Override
  public Mono<Void> deliver(Message message) {
    return feed.publish(Revocation.unpack(message.payload()))
        .doOnSuccess(_ -> metrics.revocationPublish("acknowledged"))
        .doOnError(_ -> metrics.revocationPublish("delayed"));
  }
}
