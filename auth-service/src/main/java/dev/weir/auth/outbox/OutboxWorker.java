package dev.weir.auth.outbox;

import dev.weir.auth.observe.AuthMetrics;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Delivers what the outbox holds: at once where the caller waits for it, and from a one-second
 * round else. Every topic has a round of its own, so that a mail server that dawdles delays mails
 * and nothing else.
 */
public final class OutboxWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxWorker.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** A batch of twenty mails at five seconds each must fit in the thirty seconds of its claim. */
  private static final int AT_ONCE = 4;

  private final Outbox outbox;
  private final Map<Topic, Delivery> deliveries = new EnumMap<>(Topic.class);
  private final AtomicLong pending = new AtomicLong();
  private final Disposable.Composite running = Disposables.composite();

  public OutboxWorker(Outbox outbox, List<Delivery> deliveries, AuthMetrics metrics) {
    this.outbox = outbox;
    deliveries.forEach(delivery -> this.deliveries.put(delivery.topic(), delivery));
    metrics.outboxPending(pending::get);
    this.deliveries.keySet().forEach(topic -> running.add(everySecond(() -> round(topic))));
    running.add(everySecond(this::count));
  }

  /**
   * Tries a message that the caller has claimed; completes either way, because the round will try
   * it again.
   */
  public Mono<Void> deliverNow(Message message) {
    return deliver(message);
  }

  /** Delivers what is due now, for whoever cannot wait for the round; topics in their order. */
  public Mono<Void> deliverDue() {
    return Flux.fromIterable(Topic.inOrder()).concatMap(this::round).then();
  }

  private static Disposable everySecond(Supplier<Mono<Void>> round) {
    return Flux.interval(EVERY, EVERY)
        .onBackpressureDrop()
        .concatMap(_ -> round.get().onErrorComplete(), 1)
        .subscribe();
  }

  private Mono<Void> round(Topic topic) {
    return outbox
        .claim(topic)
        .flatMapMany(Flux::fromIterable)
        .flatMap(this::deliver, AT_ONCE)
        .then();
  }

  private Mono<Void> count() {
    return outbox.pending().doOnNext(pending::set).then();
  }

  private Mono<Void> deliver(Message message) {
    var delivery = deliveries.get(message.topic());
    if (delivery == null) {
      return Mono.error(new IllegalStateException("nobody delivers " + message.topic()));
    }
    return delivery
        .deliver(message)
        .then(outbox.sent(message.id()))
        .onErrorResume(error -> failed(message, error));
  }

  private Mono<Void> failed(Message message, Throwable error) {
    LOG.atDebug()
        .addKeyValue("message", message)
        .addKeyValue("cause", error.toString())
        .log("delivery put off");
    return outbox.putOff(message).onErrorResume(_ -> Mono.empty());
  }

  @Override
  public void close() {
    running.dispose();
  }
}
