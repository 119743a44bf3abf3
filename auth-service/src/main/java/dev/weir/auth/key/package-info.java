/** Keys at rest and in use: the key ring, its rotation, and what is encrypted or signed with it. */
@NullMarked
package dev.weir.auth.key;

import org.jspecify.annotations.NullMarked;
