@NullMarked
package dev.weir.drills.load;

import org.jspecify.annotations.NullMarked;
