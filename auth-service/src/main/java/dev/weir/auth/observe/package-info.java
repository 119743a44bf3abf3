/** The meters of the service, declared in one place. */
@NullMarked
package dev.weir.auth.observe;

import org.jspecify.annotations.NullMarked;
