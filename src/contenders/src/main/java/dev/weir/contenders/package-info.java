/** What the Java contenders share: the bench's wishes and the header edits of a plain proxy. */
@NullMarked
package dev.weir.contenders;

import org.jspecify.annotations.NullMarked;
