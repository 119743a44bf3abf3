/** Reads the route file: YAML, every problem at once with its place and its cure, then a table. */
@NullMarked
package dev.weir.gateway.routefile;

import org.jspecify.annotations.NullMarked;
