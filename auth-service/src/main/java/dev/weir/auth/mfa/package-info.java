/** The journeys of second factors: enrolment, the challenge at login, and stepping up a session. */
@NullMarked
package dev.weir.auth.mfa;

import org.jspecify.annotations.NullMarked;
