/**
 * For the tests of services that stand behind Weir: tokens, sessions, and what the gateway says.
 */
@NullMarked
package dev.weir.testkit;

import org.jspecify.annotations.NullMarked;
