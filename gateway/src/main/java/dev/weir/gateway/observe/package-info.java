/** A leaf: the names of all meters, request timers, the access log. */
@NullMarked
package dev.weir.gateway.observe;

import org.jspecify.annotations.NullMarked;
