@NullMarked
package dev.weir.quickstart.store;

import org.jspecify.annotations.NullMarked;
