@NullMarked
package dev.weir.quickstart.up;

import org.jspecify.annotations.NullMarked;
