-- What the journeys after the first login need: profile, reset and change of address, second factors, erasure.

alter table auth.users add column profile_ct bytea;

alter table auth.one_time_tokens drop constraint one_time_tokens_purpose_check;
alter table auth.one_time_tokens add constraint one_time_tokens_purpose_check
  check (purpose in ('verify_address', 'reset_password', 'change_address'));
-- The address that a code proves, where it is not the account's own.
alter table auth.one_time_tokens add column payload_ct bytea;
create index one_time_tokens_expiry on auth.one_time_tokens (expires_at);

alter table auth.outbox drop constraint outbox_topic_check;
alter table auth.outbox add constraint outbox_topic_check
  check (topic in ('mail', 'revocation', 'recovery'));
create index outbox_sent on auth.outbox (sent_at) where sent_at is not null;

insert into auth.role_scopes (role, scope) values
  ('admin', 'users:read'), ('admin', 'users:write'), ('admin', 'sessions:write');

create table auth.factors (
  id uuid primary key,
  user_id uuid not null references auth.users,
  type text not null check (type in ('totp')),
  secret_ct bytea not null,
  -- The time step of the last code that was taken: a code is good once.
  last_step bigint not null default 0,
  status text not null check (status in ('pending', 'active')),
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index factors_user on auth.factors (user_id);
create unique index factors_one_totp on auth.factors (user_id, type) where status = 'active';

create table auth.recovery_codes (
  user_id uuid not null references auth.users,
  code_digest text not null,
  used_at timestamptz,
  primary key (user_id, code_digest)
);

-- A right password whose second factor is still owed, or a session that asks for more. Here and not in Redis, so that
-- second factors work while Redis is lost.
create table auth.mfa_challenges (
  digest bytea primary key,
  user_id uuid not null references auth.users,
  user_epoch bigint not null,
  -- The session to be raised; none while a login is not done.
  session_id uuid references auth.sessions,
  login_ct bytea not null,
  tries integer not null default 0,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index mfa_challenges_user on auth.mfa_challenges (user_id);
create index mfa_challenges_session on auth.mfa_challenges (session_id) where session_id is not null;
create index mfa_challenges_expiry on auth.mfa_challenges (expires_at);

-- A person may see what was recorded of them; the service still cannot read the log as such.
create index events_subject on audit.events (subject, at);
create function audit.events_of(person uuid)
  returns table (at timestamptz, action text, session uuid, address text)
  language sql stable security definer set search_path = ''
as $$
    select e.at, e.action, e.session, host(e.address)
    from audit.events e where e.subject = person order by e.at desc limit 1000
  $$;
revoke all on function audit.events_of(uuid) from public;
grant execute on function audit.events_of(uuid) to ${application};

grant select, insert, update, delete on auth.factors, auth.recovery_codes, auth.mfa_challenges to ${application};
grant delete on auth.one_time_tokens, auth.credentials_password, auth.outbox, auth.user_roles to ${application};
