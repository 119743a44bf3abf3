/** Password rules, hashing and stored credentials. */
@NullMarked
package dev.weir.auth.password;

import org.jspecify.annotations.NullMarked;
