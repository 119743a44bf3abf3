/** Runs every endpoint through its success and its failures, and keeps docs/endpoints.md true. */
@org.jspecify.annotations.NullMarked
package dev.weir.auth.contract;
