/** Stages 6 and 8: token buckets, and what each does while Redis is away. */
@NullMarked
package dev.weir.gateway.throttle;

import org.jspecify.annotations.NullMarked;
