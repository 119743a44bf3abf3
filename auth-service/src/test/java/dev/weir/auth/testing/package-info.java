/** The system that integration tests run against: real Postgres, real Redis, real sockets. */
@NullMarked
package dev.weir.auth.testing;

import org.jspecify.annotations.NullMarked;
