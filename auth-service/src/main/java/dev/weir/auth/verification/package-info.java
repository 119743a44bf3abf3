/** The journey of proving an address: POST /register/verify. */
@NullMarked
package dev.weir.auth.verification;

import org.jspecify.annotations.NullMarked;
