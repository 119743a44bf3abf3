/**
 * The attempt loop: deadline, choice of endpoint, breaker and retry. The only importer of
 * Resilience4j.
 */
@NullMarked
package dev.weir.gateway.resilience;

import org.jspecify.annotations.NullMarked;
