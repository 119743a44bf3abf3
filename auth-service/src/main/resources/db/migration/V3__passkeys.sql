-- Passkeys (WebAuthn): public keys only, nothing here is a secret.
create table auth.passkeys (
  id uuid primary key,
  user_id uuid not null references auth.users,
  credential_id bytea not null unique check (length(credential_id) between 16 and 1023),
  -- AAGUID, credential id and public key, as the authenticator wrote them.
  credential bytea not null,
  sign_count bigint not null,
  backup_eligible boolean not null,
  backed_up boolean not null,
  transports text[] not null,
  name text not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkeys_user on auth.passkeys (user_id);

-- Challenges that were answered. One that was only asked for is in no table: it proves by its MAC that it is ours, so that
-- strangers who ask for many store nothing.
create table auth.passkey_challenges (
  digest bytea primary key,
  expires_at timestamptz not null
);
create index passkey_challenges_expiry on auth.passkey_challenges (expires_at);

grant select, insert, update, delete on auth.passkeys, auth.passkey_challenges to ${application};
