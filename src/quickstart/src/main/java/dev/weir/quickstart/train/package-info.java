/** Makes the AOT cache of a service: runs it under a little of everything, and ends it. */
@NullMarked
package dev.weir.quickstart.train;

import org.jspecify.annotations.NullMarked;
