/** The least that a proxy of reactor-netty's own server and client costs. */
@NullMarked
package dev.weir.contenders.reactor;

import org.jspecify.annotations.NullMarked;
