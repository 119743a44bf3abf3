/** Sessions, their refresh, their end and who may see them. */
@NullMarked
package dev.weir.auth.session;

import org.jspecify.annotations.NullMarked;
