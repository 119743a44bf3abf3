/** What administrators do to accounts: the endpoints under /admin, and the command line. */
@NullMarked
package dev.weir.auth.administration;

import org.jspecify.annotations.NullMarked;
