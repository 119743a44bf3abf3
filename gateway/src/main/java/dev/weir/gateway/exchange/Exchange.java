package dev.weir.gateway.exchange;

import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Route;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of one request. Confined to the request's event loop: no field is volatile, and whoever
 * learns something on another thread comes back to {@link #eventLoop()} before touching it.
 */
public final class Exchange {
  private final RequestHead head;
  private final EventLoop eventLoop;
  private final long startedNanos;
  private final List<Rejection.Header> responseHeaders = new ArrayList<>(4);
  private final List<Runnable> completions = new ArrayList<>(4);
  private @Nullable Runnable permit;
  private List<Consumer<HttpHeaders>> answerReaders = List.of();
  private @Nullable Route route;
  private int routeIndex = -1;
  private Caller caller = Caller.ANONYMOUS;
  private RequestBody body;
  private int attempts;
  private String endpoint = "";
  private int status;
  private long bytesSent;
  private @Nullable GatewayError refusal;
  private boolean upgrade;
  private boolean keyed;
  private boolean reached;
  private String fallback = "";
  private boolean completed;

  /**
   * Opens an exchange.
   *
   * @param startedNanos {@code System.nanoTime()} when the head arrived
   */
  public Exchange(RequestHead head, RequestBody body, EventLoop eventLoop, long startedNanos) {
    this.head = head;
    this.body = body;
    this.eventLoop = eventLoop;
    this.startedNanos = startedNanos;
  }

  /** Returns the head as ingress left it. */
  public RequestHead head() {
    return head;
  }

  /** Returns the method. */
  public HttpMethod method() {
    return head.method();
  }

  /** Returns the request's fields; what stages put here goes to the upstream. */
  public HttpHeaders headers() {
    return head.headers();
  }

  /** Returns the body, bounded by the route's policy once that stage has run. */
  public RequestBody body() {
    return body;
  }

  /**
   * Returns whether the request may be sent twice: it means the same the second time, and its body,
   * where it has one, can be read again.
   */
  public boolean isReplayable() {
    return (!body.present() || body.kept()) && isIdempotent();
  }

  /**
   * Returns whether the request means the same when it comes twice: by its method (RFC 9110
   * §9.2.2), or because its route says so of its Idempotency-Key.
   */
  public boolean isIdempotent() {
    return keyed
        || switch (head.method().name()) {
          case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
          default -> false;
        };
  }

  /** Notes that the upstream knows the request again by its Idempotency-Key. */
  public void noteKeyed() {
    keyed = true;
  }

  /** Replaces the body by a bounded view of it. */
  public void boundBody(RequestBody bounded) {
    this.body = bounded;
  }

  /** Returns the event loop that everything of this request runs on. */
  public EventLoop eventLoop() {
    return eventLoop;
  }

  /** Returns {@code System.nanoTime()} of the head's arrival. */
  public long startedNanos() {
    return startedNanos;
  }

  /** Binds the route of one generation; its place in that generation's table is {@code index}. */
  public void bind(Route matched, int index) {
    this.route = matched;
    this.routeIndex = index;
  }

  /** Returns the bound route; only stages after the match may ask. */
  public Route route() {
    Route bound = route;
    if (bound == null) {
      throw new IllegalStateException("no route is bound yet");
    }
    return bound;
  }

  /** Returns the bound route's place in its table, or -1. */
  public int routeIndex() {
    return routeIndex;
  }

  /** Returns the verified caller, or {@link Caller#ANONYMOUS}. */
  public Caller caller() {
    return caller;
  }

  /** Sets the verified caller. */
  public void identify(Caller verified) {
    this.caller = verified;
  }

  /** Adds a field to the response, whoever writes it. */
  public void addResponseHeader(String name, String value) {
    responseHeaders.add(new Rejection.Header(name, value));
  }

  /** Returns the fields to add to the response. */
  public List<Rejection.Header> responseHeaders() {
    return responseHeaders;
  }

  /** Registers who reads, and may edit, the fields of the upstream's answer before the client. */
  public void whenAnswered(Consumer<HttpHeaders> reader) {
    if (answerReaders.isEmpty()) {
      answerReaders = new ArrayList<>(2);
    }
    answerReaders.add(reader);
  }

  /** Shows the fields of the upstream's answer to whoever registered for it. */
  public void answered(HttpHeaders fields) {
    for (int i = 0; i < answerReaders.size(); i++) {
      answerReaders.get(i).accept(fields);
    }
  }

  /** Notes an attempt at this endpoint (host:port), for the access log. */
  public void noteAttempt(String authority) {
    attempts++;
    endpoint = authority;
  }

  /** Returns how many attempts were made. */
  public int attempts() {
    return attempts;
  }

  /** Returns the endpoint tried last, or the empty string. */
  public String endpoint() {
    return endpoint;
  }

  /** Notes that the client asks for a WebSocket. */
  public void askForUpgrade() {
    upgrade = true;
  }

  /** Returns whether the client asks for a WebSocket. */
  public boolean asksForUpgrade() {
    return upgrade;
  }

  /** Notes which of several endpoints answered. */
  public void noteEndpoint(String authority) {
    endpoint = authority;
  }

  /** Notes that some of the request may have reached an upstream. */
  public void noteReached() {
    reached = true;
  }

  /** Returns whether some of the request may have reached an upstream. */
  public boolean hasReached() {
    return reached;
  }

  /** Notes what answers instead of the route's upstream, for the access log. */
  public void noteFallback(String to) {
    fallback = to;
  }

  /** Returns what answered instead of the route's upstream, or the empty string. */
  public String fallback() {
    return fallback;
  }

  /** Notes the status answered. */
  public void noteStatus(int answered) {
    this.status = answered;
  }

  /** Returns the status answered, or 0 while there is none. */
  public int status() {
    return status;
  }

  /** Notes why the gateway itself refused or gave up. */
  public void noteRefusal(GatewayError error) {
    this.refusal = error;
  }

  /** Returns why the gateway itself refused or gave up. */
  public Optional<GatewayError> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** Counts bytes of the response body, as handed to the connection. */
  public void noteSent(int bytes) {
    bytesSent += bytes;
  }

  /** Returns the bytes of the response body so far. */
  public long bytesSent() {
    return bytesSent;
  }

  /**
   * Registers what must happen when the request is over, be it by completion, error or cancel: the
   * release of a permit. Runs at once where it is over already.
   */
  public void whenCompleted(Runnable release) {
    if (completed) {
      release.run();
      return;
    }
    completions.add(release);
  }

  /** Registers the release of the admission permit, which may end before the request. */
  public void holdPermit(Runnable release) {
    permit = release;
  }

  /**
   * Gives the admission permit back, if it is still held: what lives for hours must not hold it.
   */
  public void returnPermit() {
    Runnable held = permit;
    permit = null;
    if (held != null) {
      held.run();
    }
  }

  /** Ends the request: runs every registered release, once, in reverse order. */
  public void complete() {
    if (completed) {
      return;
    }
    completed = true;
    for (int i = completions.size() - 1; i >= 0; i--) {
      completions.get(i).run();
    }
    returnPermit();
  }
}
