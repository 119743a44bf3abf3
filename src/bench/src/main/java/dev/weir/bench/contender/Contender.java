package dev.weir.bench.contender;

import dev.weir.bench.process.ProcessTree;
import java.time.Duration;

/**
 * A contender that runs and answers.
 *
 * @param startUp from the start of its process to its first right answer
 */
public record Contender(
    String name, int port, Process process, ProcessTree tree, Duration startUp) {}
