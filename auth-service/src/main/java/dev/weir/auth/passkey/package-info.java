/** Passkeys: making and keeping them, and logging in with one. */
@NullMarked
package dev.weir.auth.passkey;

import org.jspecify.annotations.NullMarked;
