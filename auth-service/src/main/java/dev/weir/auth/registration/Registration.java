package dev.weir.auth.registration;

import dev.weir.auth.account.EmailAddress;

/**
 * A registration that is fit to be tried: the address has its one form, and the password may be
 * chosen.
 */
record Registration(EmailAddress email, String password) {
  @Override
  public String toString() {
    return "Registration[hidden]";
  }
}
