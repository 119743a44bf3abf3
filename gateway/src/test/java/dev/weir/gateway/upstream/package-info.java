@NullMarked
package dev.weir.gateway.upstream;

import org.jspecify.annotations.NullMarked;
