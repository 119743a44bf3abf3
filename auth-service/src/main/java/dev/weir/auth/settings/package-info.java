/** What people change on their own accounts: password, profile, address, and the end of it all. */
@NullMarked
package dev.weir.auth.settings;

import org.jspecify.annotations.NullMarked;
