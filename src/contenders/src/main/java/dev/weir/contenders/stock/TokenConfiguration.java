package dev.weir.contenders.stock;

import java.io.IOException;
import java.io.InputStream;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.io.Resource;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.converter.RsaKeyConverters;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.savedrequest.NoOpServerRequestCache;

/** Bearer tokens by Spring Security's resource server, without the sessions that it would keep. */
@Configuration(proxyBeanMethods = false)
@Profile("!plain")
class TokenConfiguration {
  @Bean
  SecurityWebFilterChain security(ServerHttpSecurity http) {
    return http.authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
        .oauth2ResourceServer(server -> server.jwt(Customizer.withDefaults()))
        .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
        .requestCache(cache -> cache.requestCache(NoOpServerRequestCache.getInstance()))
        .csrf(ServerHttpSecurity.CsrfSpec::disable)
        .logout(ServerHttpSecurity.LogoutSpec::disable)
        // Gateway's own SecureHeaders filter sets them, where the mode asks for them.
        .headers(ServerHttpSecurity.HeaderSpec::disable)
        .build();
  }

  /** Boot's own decoder of a key file would not look at the issuer. */
  @Bean
  ReactiveJwtDecoder decoder(
      @Value("${bench.public-key}") Resource key,
      @Value("${bench.issuer}") String issuer,
      @Value("${bench.audience}") String audience)
      throws IOException {
    try (InputStream pem = key.getInputStream()) {
      RSAPublicKey parsed = RsaKeyConverters.x509().convert(pem);
      NimbusReactiveJwtDecoder decoder =
          NimbusReactiveJwtDecoder.withPublicKey(parsed)
              .signatureAlgorithm(SignatureAlgorithm.RS256)
              // Nimbus itself would take "JWT" alone; the validators below look at the type.
              .validateType(false)
              .build();
      decoder.setJwtValidator(
          new DelegatingOAuth2TokenValidator<>(
              new JwtTimestampValidator(),
              new JwtIssuerValidator(issuer),
              new JwtTypeValidator(List.of("JWT", "at+jwt")),
              new JwtClaimValidator<List<String>>(
                  JwtClaimNames.AUD, named -> named != null && named.contains(audience))));
      return decoder;
    }
  }
}
