/** The ceiling: a minimal proxy on Netty alone, everything of a request on one event loop. */
@NullMarked
package dev.weir.contenders.raw;

import org.jspecify.annotations.NullMarked;
