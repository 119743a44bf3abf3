@NullMarked
package dev.weir.bench.upstream;

import org.jspecify.annotations.NullMarked;
