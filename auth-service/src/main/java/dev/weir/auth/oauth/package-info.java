/** What services of the house may ask about tokens (RFC 7009, RFC 7662). */
@NullMarked
package dev.weir.auth.oauth;

import org.jspecify.annotations.NullMarked;
