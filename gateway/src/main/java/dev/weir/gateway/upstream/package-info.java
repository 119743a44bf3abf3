/**
 * Weir's own client of HTTP/1.1 and HTTP/2 on Netty: a pool per event loop and endpoint, so that a
 * request never changes thread, heads edited in place and bodies passed on under backpressure.
 */
@NullMarked
package dev.weir.gateway.upstream;

import org.jspecify.annotations.NullMarked;
