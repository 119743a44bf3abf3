/** Second factors: authenticator codes, recovery codes, and the challenges that ask for them. */
@NullMarked
package dev.weir.auth.factor;

import org.jspecify.annotations.NullMarked;
