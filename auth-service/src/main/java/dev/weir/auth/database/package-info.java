/** The one road to Postgres: bounded waits, and an outage told apart from a fault. */
@NullMarked
package dev.weir.auth.database;

import org.jspecify.annotations.NullMarked;
