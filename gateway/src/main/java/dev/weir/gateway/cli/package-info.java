/** Subcommands that start in well under a second: no Spring context. */
@NullMarked
package dev.weir.gateway.cli;

import org.jspecify.annotations.NullMarked;
