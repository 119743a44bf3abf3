/**
 * Commands for whoever operates the service: no server, the same settings, straight to Postgres.
 */
@NullMarked
package dev.weir.auth.cli;

import org.jspecify.annotations.NullMarked;
