@NullMarked
package dev.weir.quickstart.demo;

import org.jspecify.annotations.NullMarked;
