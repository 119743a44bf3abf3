package dev.weir.gateway.upstream;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.exchange.UpstreamResponse.Body;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one attempt as it arrives on its connection.
 *
 * <p>Nothing is passed on before a read burst ends: by then most answers are complete, so they go
 * on as head and whole body in one step, their connection already back in its pool. A longer one is
 * passed on with its head as a stream. Per request: this object, the response record and its body
 * record; buffers are passed on as they came. It is also what tells the fields behind the body.
 */
final class Reply implements Supplier<HttpHeaders> {
  private static final int SWITCHING_PROTOCOLS = 101;

  private final Attempt attempt;
  private final RequestWriter request;
  private final Connection connection;
  private @Nullable HttpResponse head;
  private @Nullable ByteBuf burst;
  private @Nullable ResponseStream stream;
  private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;
  private boolean interim;
  private boolean keepAlive;
  private boolean passedOn;
  private boolean ended;
  private boolean surplus;
  private boolean broken;

  Reply(Attempt attempt, RequestWriter request, Connection connection) {
    this.attempt = attempt;
    this.request = request;
    this.connection = connection;
  }

  /** Returns the request that it answers. */
  RequestWriter request() {
    return request;
  }

  /** Returns whether the head went to the attempt's subscriber. */
  boolean isPassedOn() {
    return passedOn;
  }

  /** Takes one decoded part. */
  void receive(Object message) {
    if (ended || broken) {
      surplus = true;
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpResponse response && !acceptHead(response)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpContent content) {
      acceptContent(content);
    }
  }

  private boolean acceptHead(HttpResponse response) {
    if (response.decoderResult().isFailure()) {
      unreadable(response.decoderResult());
      return false;
    }
    int status = response.status().code();
    HttpVersion version = response.protocolVersion();
    boolean http1 = HttpVersion.HTTP_1_1.equals(version) || HttpVersion.HTTP_1_0.equals(version);
    if (!http1 || status < 100 || status > 599 || status == SWITCHING_PROTOCOLS || head != null) {
      fail(AttemptFailure.Kind.PROTOCOL, "not an answer that HTTP/1.1 allows here");
      return false;
    }
    if (status < 200) {
      interim = true;
      return true;
    }
    head = response;
    keepAlive = HttpUtil.isKeepAlive(response);
    HopByHop.strip(response.headers());
    return true;
  }

  private void acceptContent(HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (interim || content.decoderResult().isFailure()) {
      content.release();
      if (!interim) {
        unreadable(content.decoderResult());
      } else if (last) {
        interim = false;
      }
      return;
    }
    ended = last;
    if (last && connection.reader().mayTrail()) {
      trailers = ((LastHttpContent) content).trailingHeaders();
    }
    ByteBuf bytes = content.content();
    if (!bytes.isReadable()) {
      content.release();
    } else if (stream != null) {
      stream.offer(bytes);
    } else {
      collect(bytes);
    }
  }

  private void collect(ByteBuf bytes) {
    ByteBuf before = burst;
    if (before == null) {
      burst = bytes;
    } else if (before instanceof CompositeByteBuf composite) {
      composite.addComponent(true, bytes);
    } else {
      burst =
          connection
              .channel()
              .alloc()
              .compositeBuffer(Integer.MAX_VALUE)
              .addComponent(true, before)
              .addComponent(true, bytes);
    }
  }

  /** Returns the fields behind the body, once that has ended. */
  @Override
  public HttpHeaders get() {
    return trailers;
  }

  /** Passes on what the burst brought. */
  void endBurst() {
    HttpResponse response = head;
    if (broken) {
      return;
    }
    if (response == null) {
      connection.readMore();
      return;
    }
    if (ended) {
      letConnectionGo();
    }
    if (!passedOn) {
      passOn(response);
    } else if (stream != null) {
      stream.burstEnded(ended);
    }
  }

  private void letConnectionGo() {
    boolean reusable = keepAlive && !surplus && request.isWritten();
    request.stop();
    connection.release(reusable);
  }

  private void passOn(HttpResponse response) {
    passedOn = true;
    attempt.answered(new UpstreamResponse(response.status().code(), response.headers(), body()));
  }

  private Body body() {
    ByteBuf bytes = burst;
    burst = null;
    if (!ended || !trailers.isEmpty()) {
      stream = new ResponseStream(connection.loop(), connection);
      if (bytes != null) {
        stream.offer(bytes);
      }
      if (ended) {
        stream.burstEnded(true);
      }
      return connection.reader().mayTrail()
          ? new Body.Stream(stream, this)
          : new Body.Stream(stream);
    }
    return bytes == null ? new Body.Empty() : new Body.Whole(bytes);
  }

  private void unreadable(DecoderResult result) {
    boolean cut = result.cause() instanceof PrematureChannelClosureException;
    fail(
        cut ? AttemptFailure.Kind.RESET : AttemptFailure.Kind.PROTOCOL,
        String.valueOf(result.cause().getMessage()));
  }

  private void fail(AttemptFailure.Kind kind, String reason) {
    connection.close();
    broken(kind, reason);
  }

  /** Hears that the connection is gone before the answer's end. */
  void broken(AttemptFailure.Kind kind, String reason) {
    broken(new AttemptFailure(kind, true, attempt.authority() + ": " + reason));
  }

  /** Ends the answer with this error; the connection is closed already. */
  void broken(RuntimeException error) {
    if (broken) {
      return;
    }
    broken = true;
    request.stop();
    ByteBuf bytes = burst;
    burst = null;
    if (bytes != null) {
      bytes.release();
    }
    ResponseStream passed = stream;
    if (passed != null) {
      passed.broken(error);
    } else if (!passedOn) {
      attempt.lost(error, connection.isReused() && !connection.reader().anyByte());
    }
  }
}
