/** The journey of a forgotten password: a mailed code, then another password. */
@NullMarked
package dev.weir.auth.recovery;

import org.jspecify.annotations.NullMarked;
