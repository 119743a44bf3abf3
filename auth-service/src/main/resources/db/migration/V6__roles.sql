-- One role for each kind of work, and each may do that and no more: ${application} serves, ${outbox} delivers, ${purging}
-- deletes what has expired, ${reading} reads what is no secret.
do $$
begin
  execute format(
    'grant connect on database %I to ${application}, ${outbox}, ${purging}, ${reading}', current_database());
end
$$;
grant usage on schema auth to ${outbox}, ${purging}, ${reading};
grant usage on schema audit to ${reading};

revoke update, delete on auth.outbox from ${application};
-- Sealing a payload anew is all that the service does to a message.
grant update (payload_ct) on auth.outbox to ${application};
grant select, update (available_at, attempts, claimed_until, sent_at) on auth.outbox to ${outbox};

revoke delete on auth.mfa_challenges, auth.passkey_challenges from ${application};
grant delete on
  auth.outbox, auth.one_time_tokens, auth.mfa_challenges, auth.passkey_challenges, auth.idempotency
  to ${purging};
grant select (sent_at) on auth.outbox to ${purging};
grant select (expires_at) on auth.one_time_tokens to ${purging};
grant select (expires_at) on auth.mfa_challenges to ${purging};
grant select (expires_at) on auth.passkey_challenges to ${purging};
grant select (expires_at) on auth.idempotency to ${purging};

create view auth.account_states as
  select id, status, user_epoch, version, email_verified_at, created_at, updated_at from auth.users;
create view auth.session_states as
  select id, user_id, status, counter, created_at, last_used_at, idle_expires_at, abs_expires_at, acr, amr, auth_time,
    persistent, client_id, revoked_at, revoke_reason
  from auth.sessions;
create view auth.outbox_states as
  select id, topic, available_at, attempts, claimed_until, sent_at from auth.outbox;
grant select on auth.account_states, auth.session_states, auth.outbox_states to ${reading};
grant select on audit.events, audit.links to ${reading};
