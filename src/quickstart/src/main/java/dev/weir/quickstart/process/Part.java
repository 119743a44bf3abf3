package dev.weir.quickstart.process;

import java.nio.file.Path;

/** One process of the running system. */
public record Part(
    String name, int port, Launch launch, Path log, Readiness readiness, Upkeep upkeep) {}
