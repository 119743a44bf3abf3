@NullMarked
package dev.weir.bench.ceiling;

import org.jspecify.annotations.NullMarked;
