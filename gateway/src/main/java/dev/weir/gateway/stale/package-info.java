/** Last good answers, kept for the time when their upstream fails (RFC 5861, stale-if-error). */
@NullMarked
package dev.weir.gateway.stale;

import org.jspecify.annotations.NullMarked;
