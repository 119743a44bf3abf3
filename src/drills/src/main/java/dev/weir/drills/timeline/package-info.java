@NullMarked
package dev.weir.drills.timeline;

import org.jspecify.annotations.NullMarked;
