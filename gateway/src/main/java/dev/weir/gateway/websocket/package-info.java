/** WebSockets (RFC 6455): the handshake as an attempt, then frames both ways until either ends. */
@NullMarked
package dev.weir.gateway.websocket;

import org.jspecify.annotations.NullMarked;
