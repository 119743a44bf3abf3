/** Remembers the answer to a request that carries an Idempotency-Key. */
@NullMarked
package dev.weir.auth.idempotency;

import org.jspecify.annotations.NullMarked;
