/** Spring Cloud Gateway as extension host, and its only importer. */
@NullMarked
package dev.weir.gateway.host;

import org.jspecify.annotations.NullMarked;
