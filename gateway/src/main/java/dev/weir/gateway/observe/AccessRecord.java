package dev.weir.gateway.observe;

/**
 * What the access log says of a request.
 *
 * @param status 499 where the client went away first
 * @param code the cause code of a refusal, or empty
 * @param fault whose fault the refusal was, or empty
 * @param fallback what answered instead of the route's upstream, or empty
 * @param bytes of the response body
 */
public record AccessRecord(
    long epochMillis,
    String requestId,
    String client,
    String protocol,
    String method,
    String host,
    String path,
    String route,
    int status,
    String code,
    String fault,
    String subject,
    String endpoint,
    int attempts,
    String fallback,
    long bytes,
    long durationNanos,
    long generation) {}
