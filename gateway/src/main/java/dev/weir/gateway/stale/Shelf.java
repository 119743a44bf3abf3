package dev.weir.gateway.stale;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LastAnswers;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.exchange.UpstreamResponse.Body;
import dev.weir.gateway.stale.Kept.Field;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;

/** What is kept of one route. Shared by all event loops. */
final class Shelf implements LastAnswers {
  /** What was kept within this time is good enough, and need not be copied again. */
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Room for a body whose length is not declared. */
  private static final int GUESS = 4 * 1024;

  private final int number;
  private final Origin origin;
  private final StaleAnswers store;
  private final Directives directives = new Directives();

  /** Written once by a reload; see {@link StaleAnswers} for why reading it afterwards is enough. */
  private volatile boolean down;

  Shelf(int number, Origin origin, StaleAnswers store) {
    this.number = number;
    this.origin = origin;
    this.store = store;
  }

  /** Keeps nothing from now on; returns the number of its keys. */
  int takeDown() {
    down = true;
    return number;
  }

  @Override
  public Optional<UpstreamResponse> find(Exchange exchange) {
    if (!Asked.takesKept(exchange)) {
      return Optional.empty();
    }
    long now = store.now();
    boolean byName = Asked.byName(exchange, origin.credentials());
    boolean headOnly = HttpMethod.HEAD.equals(exchange.method());
    return store
        .find(Key.of(number, exchange))
        .flatMap(variants -> variants.find(exchange.headers(), byName, now))
        .map(kept -> kept.answer(now, headOnly));
  }

  @Override
  public UpstreamResponse keep(Exchange exchange, UpstreamResponse answer) {
    return switch (Judgement.of(exchange, answer, origin, directives)) {
      case Judgement.Leave() -> answer;
      case Judgement.Forget() -> {
        store.forget(Key.of(number, exchange));
        yield answer;
      }
      case Judgement.Renew() -> {
        renewed(exchange, answer.headers()).ifPresent(again -> keep(exchange, again));
        yield answer;
      }
      case Judgement.Consider judged -> consider(exchange, answer, judged);
    };
  }

  /** Returns what the upstream would have answered, had it not known that its asker has it. */
  private Optional<UpstreamResponse> renewed(Exchange exchange, HttpHeaders said) {
    return store
        .find(Key.of(number, exchange))
        .flatMap(variants -> variants.find(exchange.headers(), false, store.now()))
        .flatMap(kept -> kept.renewed(said));
  }

  private UpstreamResponse consider(
      Exchange exchange, UpstreamResponse answer, Judgement.Consider judged) {
    Key key = Key.of(number, exchange);
    return hasFresh(key, exchange.headers())
        ? answer
        : Terms.of(exchange, answer.headers(), origin, judged)
            .map(terms -> keep(answer, draft(exchange, answer, key, terms)))
            .orElse(answer);
  }

  private UpstreamResponse keep(UpstreamResponse answer, Draft draft) {
    return switch (answer.body()) {
      case Body.Empty() -> {
        put(draft, new byte[0]);
        yield answer;
      }
      case Body.Whole(ByteBuf content) -> {
        if (content.readableBytes() <= draft.most()) {
          put(draft, ByteBufUtil.getBytes(content));
        }
        yield answer;
      }
      case Body.Switched _ -> answer;
      case Body.Stream(Flux<ByteBuf> content, Supplier<HttpHeaders> trailers) ->
          new UpstreamResponse(
              answer.status(),
              answer.headers(),
              new Body.Stream(copied(content, trailers, draft), trailers));
    };
  }

  private boolean hasFresh(Key key, HttpHeaders request) {
    long now = store.now();
    return store
        .find(key)
        .flatMap(variants -> variants.find(request, false, now))
        .filter(kept -> now - kept.keptNanos() < FRESH_NANOS)
        .isPresent();
  }

  /** An answer whose body is still to come. */
  private record Draft(
      Key key, Terms terms, List<Field> fields, int declared, int most, long bornNanos) {}

  private Draft draft(Exchange exchange, UpstreamResponse answer, Key key, Terms terms) {
    List<Field> fields = new ArrayList<>();
    int size = 0;
    for (Map.Entry<String, String> field : answer.headers()) {
      if (isKept(field.getKey())) {
        fields.add(new Field(field.getKey(), field.getValue()));
        size += field.getKey().length() + field.getValue().length();
      }
    }
    if (!answer.headers().contains(HttpHeaderNames.DATE)) {
      // RFC 9110 §6.6.1: who keeps an answer says when it came.
      fields.add(new Field("date", DateFormatter.format(Date.from(store.wallTime()))));
    }
    int declared = answer.headers().getInt(HttpHeaderNames.CONTENT_LENGTH, -1);
    // Its age counts from when it was asked for, as nobody knows when it was made (RFC 9111
    // §4.2.3).
    long born = exchange.startedNanos() - TimeUnit.SECONDS.toNanos(terms.broughtSeconds());
    return new Draft(key, terms, fields, declared, Terms.MOST_BYTES - size, born);
  }

  private boolean isKept(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !HttpHeaderNames.AGE.contentEquals(lower)
        && !HttpHeaderNames.CONTENT_LENGTH.contentEquals(lower)
        && !origin.reports().contains(lower);
  }

  private Flux<ByteBuf> copied(Flux<ByteBuf> content, Supplier<HttpHeaders> trailers, Draft draft) {
    int expected = draft.declared() < 0 ? GUESS : draft.declared();
    Copy copy = new Copy(store.copying(), expected, draft.most());
    return content
        .doOnNext(copy::take)
        .doOnComplete(() -> end(copy, trailers, draft))
        .doFinally(_ -> copy.end());
  }

  private void end(Copy copy, Supplier<HttpHeaders> trailers, Draft draft) {
    if (trailers.get().isEmpty()) {
      copy.whole().ifPresent(bytes -> put(draft, bytes));
    }
  }

  private void put(Draft draft, byte[] body) {
    if (draft.declared() >= 0 && draft.declared() != body.length) {
      return;
    }
    Terms terms = draft.terms();
    long dies = draft.bornNanos() + TimeUnit.SECONDS.toNanos(terms.allowedSeconds());
    Kept kept =
        new Kept(
            draft.fields(),
            body,
            terms.selection(),
            terms.shared(),
            store.now(),
            draft.bornNanos(),
            dies);
    if (!kept.isAlive(store.now())) {
      return;
    }
    store.put(draft.key(), kept);
    if (down) {
      store.forget(draft.key());
    }
  }
}
