/** Runs benches at a pace, and puts what they found into tables. */
@NullMarked
package dev.weir.jmh.run;

import org.jspecify.annotations.NullMarked;
