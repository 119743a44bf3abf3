/** Protects the gateway: adaptive concurrency, shed by priority with 503. */
@NullMarked
package dev.weir.gateway.admission;

import org.jspecify.annotations.NullMarked;
