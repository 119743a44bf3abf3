package dev.weir.auth.session;

import dev.weir.auth.account.Account;
import dev.weir.auth.exchange.Json;
import dev.weir.auth.token.AccessToken;
import dev.weir.auth.token.AccessTokens;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Writes the answer that login and refresh share: a fresh access token, and the refresh token where
 * the client keeps it.
 */
public final class TokenAnswer {
  private final AccessTokens accessTokens;
  private final CsrfGuard csrf;
  private final InstantSource clock;

  public TokenAnswer(AccessTokens accessTokens, CsrfGuard csrf, InstantSource clock) {
    this.accessTokens = accessTokens;
    this.csrf = csrf;
    this.clock = clock;
  }

  public Mono<ServerResponse> write(Account account, Session session, List<ResponseCookie> extra) {
    return accessTokens
        .mint(token(account, session))
        .flatMap(accessToken -> respond(session, accessToken, extra));
  }

  private Mono<ServerResponse> respond(
      Session session, String accessToken, List<ResponseCookie> extra) {
    var body = new LinkedHashMap<String, Object>();
    body.put("access_token", accessToken);
    body.put("token_type", session.client().key().isPresent() ? "DPoP" : "Bearer");
    body.put("expires_in", AccessTokens.LIFE.toSeconds());
    body.put("session_id", session.id());
    body.put("acr", session.acr());
    var refreshToken = Sessions.refreshToken(session);
    var response = ServerResponse.ok().contentType(MediaType.APPLICATION_JSON);
    extra.forEach(response::cookie);
    switch (session.client().kind()) {
      case NATIVE -> body.put("refresh_token", refreshToken);
      case BROWSER -> {
        var csrfToken = csrf.issue(session.id());
        body.put("csrf_token", csrfToken);
        SessionCookies.issued(session, refreshToken, csrfToken, clock.instant())
            .forEach(response::cookie);
      }
    }
    return response.bodyValue(Json.STRICT.writeValueAsBytes(body));
  }

  private static AccessToken token(Account account, Session session) {
    return new AccessToken(
        account.id(),
        session.id(),
        account.epoch(),
        session.client().kind().clientId(),
        account.scopes(),
        account.roles(),
        session.acr(),
        session.proof().amr(),
        session.proof().authenticatedAt(),
        session.client().key());
  }
}
