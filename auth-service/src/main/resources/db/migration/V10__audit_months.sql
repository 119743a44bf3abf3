-- The audit log by months, so that what is past its time goes a month at once: docs/adr/0022-audit-months.md.
do $$
declare
  month timestamp := date_trunc('month', now() at time zone 'UTC');
  ends timestamptz := (month + interval '1 month') at time zone 'UTC';
  name text := 'events_' || to_char(month, 'YYYY_MM');
begin
  -- Everything so far becomes the partition of this month and all before it, as it stands: copying a long log would keep
  -- every login waiting for as long as that takes.
  alter table audit.events detach partition audit.events_default;
  execute format('alter table audit.events_default rename to %I', name);
  create table audit.events_default partition of audit.events default;
  -- By a clock that was ahead.
  execute format(
    'with ahead as (delete from audit.%I where at >= %L returning *)
     insert into audit.events_default overriding system value select * from ahead', name, ends);
  execute format(
    'alter table audit.events attach partition audit.%I for values from (minvalue) to (%L)', name, ends);
end
$$;

-- Where the log begins since months of it were dropped: the last link before, under a digest by the audit key.
create table audit.anchors (
  cut timestamptz primary key,
  seq bigint not null,
  link_hash bytea not null,
  hash bytea not null,
  hash_key text not null
);

-- What only the owner may do, in the few ways that it is needed. Each takes its bounds from here or from the anchors, never
-- from who calls: to drop anything takes two roles, one that anchors and one that drops.
create function audit.make_months() returns integer
  language plpgsql security definer set search_path = ''
as $$
declare
  month timestamp;
  ends timestamp;
  name text;
  made integer := 0;
begin
  -- Every instance comes by once an hour.
  perform pg_advisory_xact_lock(6288420150236863571);
  for ahead in 0..2 loop
    month := date_trunc('month', now() at time zone 'UTC') + make_interval(months => ahead);
    ends := month + interval '1 month';
    name := 'events_' || to_char(month, 'YYYY_MM');
    -- A month that has begun in the default partition ends there: moving it would keep every login waiting.
    if to_regclass('audit.' || name) is null and not exists (
      select 1 from audit.events_default e
      where e.at >= month at time zone 'UTC' and e.at < ends at time zone 'UTC')
    then
      -- Attached and not made as a partition, which would lock the whole log.
      execute format('create table audit.%I (like audit.events including defaults)', name);
      execute format(
        'alter table audit.events attach partition audit.%I for values from (%L) to (%L)',
        name, month at time zone 'UTC', ends at time zone 'UTC');
      made := made + 1;
    end if;
  end loop;
  return made;
end
$$;

create function audit.last_link_before(cut timestamptz)
  returns table (seq bigint, hash bytea)
  language sql stable security definer set search_path = ''
as $$
    select l.seq, l.hash from audit.links l
    where l.seq < coalesce(
      (select k.seq from audit.links k where k.event_at >= cut order by k.seq limit 1),
      9223372036854775807)
    order by l.seq desc limit 1
  $$;

create function audit.drop_months() returns integer
  language plpgsql security definer set search_path = ''
as $$
declare
  anchored timestamptz := (select max(a.cut) from audit.anchors a);
  month record;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock(6288420150236863571);
  for month in
    select c.relname as name
    from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'audit.events'::regclass and c.relname ~ '^events_[0-9]{4}_[0-9]{2}$'
      and (to_date(substr(c.relname, 8), 'YYYY_MM') + interval '1 month') at time zone 'UTC' <= anchored
  loop
    execute format('drop table audit.%I', month.name);
    dropped := dropped + 1;
  end loop;
  delete from audit.events_default e where e.at < anchored;
  return dropped;
end
$$;

-- The anchor's own link stays, so that the next one finds what it follows.
create function audit.drop_links(size integer) returns bigint
  language sql security definer set search_path = ''
as $$
    with dropped as (
      delete from audit.links where seq in (
        select l.seq from audit.links l
        where l.seq < (select max(a.seq) from audit.anchors a) order by l.seq limit size)
      returning 1)
    select count(*) from dropped
  $$;

revoke all on function
  audit.make_months(), audit.last_link_before(timestamptz), audit.drop_months(), audit.drop_links(integer) from public;
grant usage on schema audit to ${purging};
grant execute on function
  audit.make_months(), audit.last_link_before(timestamptz), audit.drop_months(), audit.drop_links(integer) to ${purging};
grant insert on audit.anchors to ${application};
grant select on audit.anchors to ${reading};

select audit.make_months();
