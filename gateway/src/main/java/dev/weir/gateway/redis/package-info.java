/** Adapters of the stages' ports on Redis; the only importer of lettuce. */
@NullMarked
package dev.weir.gateway.redis;

import org.jspecify.annotations.NullMarked;
