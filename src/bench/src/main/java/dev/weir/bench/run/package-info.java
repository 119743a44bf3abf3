@NullMarked
package dev.weir.bench.run;

import org.jspecify.annotations.NullMarked;
