/** The append-only record of what happened to an account. */
@NullMarked
package dev.weir.auth.audit;

import org.jspecify.annotations.NullMarked;
