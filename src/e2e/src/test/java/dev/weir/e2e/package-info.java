/** The whole system, from the jars that ship, over real sockets. */
@NullMarked
package dev.weir.e2e;

import org.jspecify.annotations.NullMarked;
