/** Bounds request bodies, counted on the stream. */
@NullMarked
package dev.weir.gateway.body;

import org.jspecify.annotations.NullMarked;
