/** Every refusal of the service: one enum of codes, one RFC 9457 body. */
@NullMarked
package dev.weir.auth.problem;

import org.jspecify.annotations.NullMarked;
