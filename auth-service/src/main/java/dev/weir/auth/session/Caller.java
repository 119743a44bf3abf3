package dev.weir.auth.session;

import dev.weir.auth.account.Account;
import dev.weir.auth.token.AccessToken;

/** Who is calling: a verified token whose session and account are alive. */
public record Caller(AccessToken token, Session session, Account account) {}
