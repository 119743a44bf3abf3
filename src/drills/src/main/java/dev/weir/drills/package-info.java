@NullMarked
package dev.weir.drills;

import org.jspecify.annotations.NullMarked;
