/**
 * Reads requests strictly and wraps answers: bodies, client addresses, security headers, access
 * log.
 */
@NullMarked
package dev.weir.auth.exchange;

import org.jspecify.annotations.NullMarked;
