/** Stage 7, second part: what a verified caller may do. */
@NullMarked
package dev.weir.gateway.authorize;

import org.jspecify.annotations.NullMarked;
