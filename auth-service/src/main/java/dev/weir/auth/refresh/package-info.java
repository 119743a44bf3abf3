/** The journey of renewing an access token: POST /token/refresh. */
@NullMarked
package dev.weir.auth.refresh;

import org.jspecify.annotations.NullMarked;
