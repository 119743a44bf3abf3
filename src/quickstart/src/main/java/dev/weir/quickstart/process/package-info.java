@NullMarked
package dev.weir.quickstart.process;

import org.jspecify.annotations.NullMarked;
