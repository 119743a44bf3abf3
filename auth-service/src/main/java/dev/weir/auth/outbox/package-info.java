/** Side effects that must survive a crash: written with the change, delivered after it. */
@NullMarked
package dev.weir.auth.outbox;

import org.jspecify.annotations.NullMarked;
