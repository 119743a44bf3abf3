package dev.weir.bench.ceiling;

import dev.weir.bench.load.LoadGenerator;
import java.io.PrintStream;
import java.util.List;

/**
 * What the clients of all gateways have in common.
 *
 * @param tokens one for each caller
 * @param beginNanos when the load begins
 */
record Traffic(
    LoadGenerator load, List<String> tokens, Offered offered, long beginNanos, PrintStream out) {}
