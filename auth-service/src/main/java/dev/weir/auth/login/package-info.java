/** The journey of logging in: POST /login. */
@NullMarked
package dev.weir.auth.login;

import org.jspecify.annotations.NullMarked;
