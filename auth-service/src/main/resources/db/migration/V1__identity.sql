-- What the service runs on. The owner of these objects migrates; the role ${application} runs, and may do only what is
-- granted at the end.

create table auth.users (
  id uuid primary key,
  email_ct bytea not null,
  email_bidx bytea not null,
  email_bidx_key text not null,
  email_verified_at timestamptz,
  status text not null check (status in ('pending', 'active', 'locked', 'disabled', 'deleted')),
  user_epoch bigint not null default 0,
  epoch_raised_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
-- One account for one address; a deleted one frees it.
create unique index users_email on auth.users (email_bidx) where status <> 'deleted';
create index users_epoch_raised on auth.users (epoch_raised_at) where epoch_raised_at is not null;

create table auth.roles (name text primary key);
create table auth.role_scopes (
  role text not null references auth.roles,
  scope text not null,
  primary key (role, scope)
);
insert into auth.roles (name) values ('customer'), ('admin');
insert into auth.role_scopes (role, scope) values
  ('customer', 'orders:read'), ('customer', 'orders:write'),
  ('admin', 'orders:read'), ('admin', 'orders:write'), ('admin', 'sessions:read');
create table auth.user_roles (
  user_id uuid not null references auth.users,
  role text not null references auth.roles,
  primary key (user_id, role)
);
create index user_roles_role on auth.user_roles (role);

create table auth.credentials_password (
  user_id uuid primary key references auth.users,
  phc text not null,
  pepper_id text not null,
  changed_at timestamptz not null
);

create table auth.one_time_tokens (
  digest bytea primary key,
  purpose text not null check (purpose in ('verify_address')),
  user_id uuid not null references auth.users,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index one_time_tokens_user on auth.one_time_tokens (user_id);

-- Counter and times change with every refresh and are in no index, so that those updates stay in their page.
create table auth.sessions (
  id uuid primary key,
  user_id uuid not null references auth.users,
  status text not null check (status in ('active', 'revoked')),
  counter bigint not null,
  key_ct bytea not null,
  rotated_at timestamptz,
  lost_response_at_counter bigint,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  idle_expires_at timestamptz not null,
  abs_expires_at timestamptz not null,
  acr text not null,
  amr text[] not null,
  auth_time timestamptz not null,
  persistent boolean not null,
  device_digest text,
  client_id text not null,
  user_agent text not null,
  address text not null,
  revoked_at timestamptz,
  revoke_reason text
) with (fillfactor = 80);
create index sessions_user on auth.sessions (user_id) where status = 'active';
create index sessions_expiry on auth.sessions (abs_expires_at);
create index sessions_revoked on auth.sessions (revoked_at) where revoked_at is not null;

create table auth.idempotency (
  key_digest text primary key,
  fingerprint text not null,
  state text not null check (state in ('in_flight', 'done')),
  answer_ct bytea,
  started_at timestamptz not null,
  expires_at timestamptz not null
);
create index idempotency_expiry on auth.idempotency (expires_at);

create table auth.outbox (
  id bigint generated always as identity primary key,
  topic text not null check (topic in ('mail', 'revocation')),
  payload_ct bytea not null,
  dedup_key text not null unique,
  available_at timestamptz not null,
  attempts integer not null default 0,
  claimed_until timestamptz not null,
  sent_at timestamptz
);
create index outbox_pending on auth.outbox (available_at) where sent_at is null;

create table auth.keys (
  kid text primary key,
  use text not null check (use in ('sign', 'field', 'pepper', 'csrf', 'blind_index', 'device')),
  alg text not null,
  state text not null check (state in ('next', 'active', 'retiring', 'retired')),
  private_ct bytea not null,
  state_since timestamptz not null
);
create unique index keys_one_active on auth.keys (use) where state = 'active';

create table audit.events (
  id bigint generated always as identity,
  at timestamptz not null,
  action text not null,
  subject uuid,
  session uuid,
  address inet,
  trace_id text not null,
  primary key (at, id)
) partition by range (at);
create table audit.events_default partition of audit.events default;

grant usage on schema auth, audit to ${application};
grant select on auth.roles, auth.role_scopes to ${application};
grant select, insert on auth.user_roles to ${application};
grant select, insert, update on
  auth.users, auth.credentials_password, auth.one_time_tokens, auth.sessions, auth.keys, auth.outbox
  to ${application};
grant select, insert, update, delete on auth.idempotency to ${application};
grant insert on audit.events to ${application};
