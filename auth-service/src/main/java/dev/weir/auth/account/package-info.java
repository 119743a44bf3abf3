/** People: their address, status, roles and epoch. */
@NullMarked
package dev.weir.auth.account;

import org.jspecify.annotations.NullMarked;
