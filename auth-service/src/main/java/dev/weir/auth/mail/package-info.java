/** Mail as a port, with SMTP behind it. */
@NullMarked
package dev.weir.auth.mail;

import org.jspecify.annotations.NullMarked;
