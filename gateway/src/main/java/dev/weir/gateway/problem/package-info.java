/** A leaf: stable refusal codes and the RFC 9457 writer. */
@NullMarked
package dev.weir.gateway.problem;

import org.jspecify.annotations.NullMarked;
