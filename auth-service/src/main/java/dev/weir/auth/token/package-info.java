/** Access tokens and refresh tokens, minted and read strictly. */
@NullMarked
package dev.weir.auth.token;

import org.jspecify.annotations.NullMarked;
