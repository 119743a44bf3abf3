@NullMarked
package dev.weir.gateway.resilience;

import org.jspecify.annotations.NullMarked;
