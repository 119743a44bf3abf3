package dev.weir.gateway.control;

import java.time.Duration;

/**
 * How the edge listens.
 *
 * @param address the address to bind
 * @param port of TLS; 0 takes a free one
 * @param redirectPort of plain HTTP, which only redirects; 0 takes a free one
 * @param publicPort the port that clients know the TLS listener by
 * @param idleTimeout a kept-alive connection without a request is closed after this
 * @param requestTimeout a request must have arrived whole within this
 * @param maxConnections of the TLS listener, and ten times those of the other; what comes beyond is
 *     closed at once
 * @param maxUnfinishedHeadBytes of requests whose heads have begun and not ended, all together
 * @param drainGrace how long new connections are still taken after readiness went down
 * @param drainTimeout how long requests in flight may take to finish after that
 */
public record EdgeSettings(
    String address,
    int port,
    int redirectPort,
    int publicPort,
    Duration idleTimeout,
    Duration requestTimeout,
    int maxConnections,
    long maxUnfinishedHeadBytes,
    Duration drainGrace,
    Duration drainTimeout) {}
