@NullMarked
package dev.weir.drills.stand;

import org.jspecify.annotations.NullMarked;
