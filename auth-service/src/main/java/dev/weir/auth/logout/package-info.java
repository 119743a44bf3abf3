/** The journey of leaving: POST /logout and POST /logout/all. */
@NullMarked
package dev.weir.auth.logout;

import org.jspecify.annotations.NullMarked;
