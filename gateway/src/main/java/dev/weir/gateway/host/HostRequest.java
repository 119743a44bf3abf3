package dev.weir.gateway.host;

import dev.weir.gateway.exchange.Exchange;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;

/**
 * An exchange as a Spring request: the path that was matched and authorised, the fields and the
 * body as the stages left them. The client's raw request is out of reach.
 */
final class HostRequest extends AbstractServerHttpRequest {
  private final Exchange exchange;
  private final NettyDataBufferFactory buffers;
  private final WatchedBody body;

  HostRequest(Exchange exchange, String path, NettyDataBufferFactory buffers, WatchedBody body) {
    super(
        HttpMethod.valueOf(exchange.method().name()),
        uri(exchange, path),
        null,
        new HttpHeaders(new Netty4HeadersAdapter(exchange.headers())));
    this.exchange = exchange;
    this.buffers = buffers;
    this.body = body;
  }

  /**
   * The host may be empty in HTTP/1.0; a relative URI is as good, its authority is replaced anyway.
   */
  private static URI uri(Exchange exchange, String path) {
    String host = exchange.head().host();
    String origin = host.isEmpty() ? "http://localhost" : exchange.head().scheme() + "://" + host;
    return URI.create(
        origin + EscapedTarget.path(path) + EscapedTarget.query(exchange.head().query()));
  }

  @Override
  protected String initId() {
    return exchange.head().requestId();
  }

  @Override
  protected MultiValueMap<String, HttpCookie> initCookies() {
    MultiValueMap<String, HttpCookie> cookies = new LinkedMultiValueMap<>();
    for (String field : exchange.headers().getAll(HttpHeaderNames.COOKIE)) {
      for (Cookie cookie : ServerCookieDecoder.LAX.decodeAll(field)) {
        cookies.add(cookie.name(), new HttpCookie(cookie.name(), cookie.value()));
      }
    }
    return cookies;
  }

  @Override
  protected @Nullable SslInfo initSslInfo() {
    return null;
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    return new InetSocketAddress(InetAddress.ofLiteral(exchange.head().clientAddress()), 0);
  }

  @Override
  public Flux<DataBuffer> getBody() {
    return body.watch(exchange.body().content()).map(buffers::wrap);
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the signature is Spring's
  public <T> T getNativeRequest() {
    return (T) exchange;
  }
}
