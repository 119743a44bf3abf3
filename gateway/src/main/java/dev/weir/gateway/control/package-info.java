/** Watches the route file, swaps generations, drains. */
@NullMarked
package dev.weir.gateway.control;

import org.jspecify.annotations.NullMarked;
