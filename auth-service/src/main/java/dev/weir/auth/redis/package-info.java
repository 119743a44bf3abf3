/** The Redis adapters of the ports that throttle and session declare. */
@NullMarked
package dev.weir.auth.redis;

import org.jspecify.annotations.NullMarked;
