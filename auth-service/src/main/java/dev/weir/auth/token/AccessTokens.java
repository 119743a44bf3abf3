package dev.weir.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.weir.auth.key.Keys;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Mints access tokens: RS256, five minutes, no personal data. */
public final class AccessTokens {
  public static final Duration LIFE = Duration.ofMinutes(5);

  private static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");

  private final Keys keys;
  private final Issuer issuer;
  private final InstantSource clock;

  public AccessTokens(Keys keys, Issuer issuer, InstantSource clock) {
    this.keys = keys;
    this.issuer = issuer;
    this.clock = clock;
  }

  /**
   * Signs on the parallel scheduler: an RSA signature takes about a millisecond, too long for an
   * event loop.
   */
  public Mono<String> mint(AccessToken token) {
    return Mono.fromCallable(() -> sign(token)).subscribeOn(Schedulers.parallel());
  }

  private String sign(AccessToken token) throws JOSEException {
    var signingKey = keys.ring().signingKey();
    var header =
        new JWSHeader.Builder(JWSAlgorithm.RS256).type(TYPE).keyID(signingKey.kid()).build();
    var jwt = new SignedJWT(header, claims(token));
    jwt.sign(new RSASSASigner(signingKey.key()));
    return jwt.serialize();
  }

  private JWTClaimsSet claims(AccessToken token) {
    var now = clock.instant();
    var claims = new JWTClaimsSet.Builder();
    token.key().ifPresent(key -> claims.claim("cnf", Map.of("jkt", key)));
    return claims
        .issuer(issuer.url())
        .subject(token.subject().toString())
        .audience(issuer.audience())
        .expirationTime(Date.from(now.plus(LIFE)))
        .issueTime(Date.from(now))
        .jwtID(UUID.randomUUID().toString())
        .claim("client_id", token.clientId())
        .claim("sid", token.session().toString())
        .claim("ue", token.epoch())
        .claim("scope", String.join(" ", token.scopes()))
        .claim("roles", token.roles())
        .claim("acr", token.acr())
        .claim("amr", token.amr())
        .claim("auth_time", token.authenticatedAt().getEpochSecond())
        .build();
  }
}
