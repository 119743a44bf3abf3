/** One typed object of per-request state, and the ports through which stages meet. */
@NullMarked
package dev.weir.gateway.exchange;

import org.jspecify.annotations.NullMarked;
