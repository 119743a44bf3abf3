package dev.weir.auth.mail;

/**
 * Whether a mail may go to a server that offers no encryption; smtps:// is encrypted either way.
 */
public enum StartTls {
  REQUIRED,
  OFFERED
}
