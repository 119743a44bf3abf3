/** Makes a request trustworthy: framing, path, client address, fields a client may not send. */
@NullMarked
package dev.weir.gateway.ingress;

import org.jspecify.annotations.NullMarked;
