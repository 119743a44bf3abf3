package dev.weir.gateway.tls;

import org.jspecify.annotations.Nullable;

/** Refuses a start; the message is the whole line that a person reads. */
public final class UnusableCertificateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableCertificateException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
