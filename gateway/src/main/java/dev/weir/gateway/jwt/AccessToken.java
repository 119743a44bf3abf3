package dev.weir.gateway.jwt;

import dev.weir.gateway.exchange.Caller;

/**
 * A verified access token: what later stages and the upstream may know, ready to use.
 *
 * @param subject as its issuer names it, which revocations go by; the caller's may be prefixed
 * @param session the same of its session
 * @param epoch the {@code ue} claim; -1 where there is none, which is older than any epoch
 * @param expiresSeconds the {@code exp} claim
 * @param roles for X-Weir-Roles, separated by commas
 * @param scopes for X-Weir-Scopes, separated by spaces
 * @param tenant for X-Weir-Tenant; empty where there is none
 * @param key the thumbprint of the key that the token is bound to; empty where it is to none
 */
record AccessToken(
    Caller caller,
    String subject,
    String session,
    String id,
    long epoch,
    long expiresSeconds,
    String roles,
    String scopes,
    String tenant,
    String key) {}
