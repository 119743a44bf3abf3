/** What machines look up: the key set and the RFC 8414 metadata. */
@NullMarked
package dev.weir.auth.discovery;

import org.jspecify.annotations.NullMarked;
