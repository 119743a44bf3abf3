/** The journey of becoming known: POST /register. */
@NullMarked
package dev.weir.auth.registration;

import org.jspecify.annotations.NullMarked;
