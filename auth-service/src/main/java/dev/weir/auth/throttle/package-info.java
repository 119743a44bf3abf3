/** Budgets of attempts, counted before the work that they protect. */
@NullMarked
package dev.weir.auth.throttle;

import org.jspecify.annotations.NullMarked;
