/** Runs the benches that stand beside the gateway's classes, and tells what they found. */
@NullMarked
package dev.weir.jmh;

import org.jspecify.annotations.NullMarked;
