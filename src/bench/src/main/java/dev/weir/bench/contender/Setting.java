package dev.weir.bench.contender;

import dev.weir.bench.fixture.WorkFolder;
import java.nio.file.Path;

/**
 * Where a contender finds itself.
 *
 * @param home the root of the repository
 * @param http2UpstreamPort where the upstream speaks HTTP/2 without TLS
 * @param javaOptions what Weir's JVM is told besides the options that ship; may be empty
 */
public record Setting(
    Path home,
    WorkFolder work,
    int upstreamPort,
    int http2UpstreamPort,
    int redisPort,
    String javaOptions) {}
