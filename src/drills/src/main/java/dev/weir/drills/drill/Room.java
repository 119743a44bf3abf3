package dev.weir.drills.drill;

import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Where a drill takes place.
 *
 * @param home the root of the repository
 * @param folder for logs and certificates
 * @param out where it says what goes on
 */
public record Room(Path home, Path folder, PrintStream out) {}
