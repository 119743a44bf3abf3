@NullMarked
package dev.weir.quickstart;

import org.jspecify.annotations.NullMarked;
