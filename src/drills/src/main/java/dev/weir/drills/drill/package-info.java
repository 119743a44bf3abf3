@NullMarked
package dev.weir.drills.drill;

import org.jspecify.annotations.NullMarked;
