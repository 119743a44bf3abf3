@NullMarked
package dev.weir.bench.contender;

import org.jspecify.annotations.NullMarked;
