/** Stage 7, first part: who calls. The only importer of Nimbus. */
@NullMarked
package dev.weir.gateway.jwt;

import org.jspecify.annotations.NullMarked;
