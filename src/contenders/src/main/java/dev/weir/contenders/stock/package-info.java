/** Spring Cloud Gateway by itself, as its users run it; application.yaml holds most of it. */
@NullMarked
package dev.weir.contenders.stock;

import org.jspecify.annotations.NullMarked;
