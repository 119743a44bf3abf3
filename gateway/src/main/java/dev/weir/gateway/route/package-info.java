/** A leaf: the compiled, immutable model of the route file. Pure {@code java.*}. */
@NullMarked
package dev.weir.gateway.route;

import org.jspecify.annotations.NullMarked;
