/** The one straight line of a request; the only place of order. */
@NullMarked
package dev.weir.gateway.pipeline;

import org.jspecify.annotations.NullMarked;
