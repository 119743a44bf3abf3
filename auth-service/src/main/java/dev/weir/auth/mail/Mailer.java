package dev.weir.auth.mail;

import reactor.core.publisher.Mono;

/** Hands a mail to whoever carries it; completes once that one has accepted it. */
public interface Mailer {
  Mono<Void> send(Mail mail);
}
