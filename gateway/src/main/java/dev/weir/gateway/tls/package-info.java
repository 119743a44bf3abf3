/** Certificates of the edge. */
@NullMarked
package dev.weir.gateway.tls;

import org.jspecify.annotations.NullMarked;
