/** Process configuration, and the only Spring configuration classes. */
@NullMarked
package dev.weir.auth.config;

import org.jspecify.annotations.NullMarked;
