-- Every event carries a keyed digest of itself, made where it happened and stored with it, and soon afterwards a link in a
-- chain over all of them: docs/adr/0020-audit-chain.md.
alter table auth.keys drop constraint keys_use_check;
alter table auth.keys add constraint keys_use_check
  check (use in ('sign', 'field', 'pepper', 'csrf', 'blind_index', 'device', 'audit'));

-- Null in events of earlier releases, which the chain does not hold.
alter table audit.events add column hash bytea;
alter table audit.events add column hash_key text;

create table audit.links (
  -- Without a gap. Two writers of one number are one too many, and the second fails.
  seq bigint primary key,
  event_id bigint not null unique,
  event_at timestamptz not null,
  event_hash bytea not null,
  prev_hash bytea not null,
  hash bytea not null,
  hash_key text not null
);

-- The service links what it cannot read: it sees digests only.
create function audit.unlinked(size integer)
  returns table (id bigint, at timestamptz, hash bytea)
  language sql stable security definer set search_path = ''
as $$
    -- A transaction lives for seconds: whatever appears later than its time says, appears within these ten minutes.
    select e.id, e.at, e.hash from audit.events e
    where e.hash is not null
      and e.at > coalesce(
        (select l.event_at - interval '10 minutes' from audit.links l order by l.seq desc limit 1), '-infinity')
      and not exists (select 1 from audit.links l where l.event_id = e.id)
    order by e.id limit size
  $$;
create function audit.last_link()
  returns table (seq bigint, hash bytea)
  language sql stable security definer set search_path = ''
as $$
    select l.seq, l.hash from audit.links l order by l.seq desc limit 1
  $$;
revoke all on function audit.unlinked(integer), audit.last_link() from public;
grant execute on function audit.unlinked(integer), audit.last_link() to ${application};
grant insert on audit.links to ${application};
