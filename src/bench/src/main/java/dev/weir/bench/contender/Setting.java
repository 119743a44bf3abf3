package dev.weir.bench.contender;

import dev.weir.bench.fixture.WorkFolder;
import java.nio.file.Path;

/**
 * Where a contender finds itself.
 *
 * @param home the root of the repository
 */
public record Setting(Path home, WorkFolder work, int upstreamPort, int redisPort) {}
