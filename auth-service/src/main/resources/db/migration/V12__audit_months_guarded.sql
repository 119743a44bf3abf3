-- What a stolen role, a clock that is ahead or the owner of the tables could make of the months: docs/adr/0022-audit-months.md.

-- No month ends that has not passed. Not of the rows that are there: one that breaks this is for `audit verify` to name.
alter table audit.anchors add constraint anchors_cut check (isfinite(cut) and cut <= now()) not valid;

-- The service looks at the newest anchor before it drops anything.
grant select on audit.anchors to ${purging};

-- For the looks by time; without seq in it, the least one of a day would be read from the table.
create index links_event_at on audit.links (event_at, seq);

-- Before what all may go: the newest anchor's cut, but nothing of this month, and nothing at all without an anchor.
create function audit.past(before timestamptz) returns timestamptz
  language sql stable set search_path = ''
as $$
    select least(a.cut, date_trunc('month', now() at time zone 'UTC') at time zone 'UTC', before)
    from audit.anchors a order by a.cut desc limit 1
  $$;

-- All of the link, so that the service need not believe it.
drop function audit.last_link_before(timestamptz);
create function audit.last_link_before(cut timestamptz)
  returns table (
    seq bigint, event_id bigint, event_at timestamptz, event_hash bytea, prev_hash bytea, hash bytea, hash_key text)
  language sql stable security definer set search_path = ''
as $$
    with first as (
      select k.event_at from audit.links k where k.event_at >= cut order by k.event_at limit 1),
    -- Links are in the order of their events but for minutes. Plus nothing, or the planner walks along all links by seq.
    kept as (
      select min(k.seq + 0) as seq from audit.links k, first f
      where k.event_at >= f.event_at and k.event_at < f.event_at + interval '1 hour')
    select l.seq, l.event_id, l.event_at, l.event_hash, l.prev_hash, l.hash, l.hash_key
    from audit.links l
    where l.event_at < cut and l.seq < coalesce((select k.seq from kept k), 9223372036854775807)
    order by l.seq desc limit 1
  $$;

-- Whoever calls these can make them drop less, and never more.
drop function audit.drop_months();
create function audit.drop_months(before timestamptz default 'infinity') returns integer
  language plpgsql security definer set search_path = ''
as $$
declare
  past timestamptz := audit.past(before);
  month record;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock(6288420150236863571);
  for month in
    select c.relname as name
    from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'audit.events'::regclass and c.relname ~ '^events_[0-9]{4}_[0-9]{2}$'
      and (to_date(substr(c.relname, 8), 'YYYY_MM') + interval '1 month') at time zone 'UTC' <= past
  loop
    execute format('drop table audit.%I', month.name);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$$;

-- What no month took in; apart from the months, whose locks nobody should hold for as long as this may take.
create function audit.drop_unfiled(size integer, before timestamptz default 'infinity') returns bigint
  language sql security definer set search_path = ''
as $$
    with dropped as (
      delete from audit.events_default where (at, id) in (
        select e.at, e.id from audit.events_default e
        where e.at < (select audit.past(before)) order by e.at, e.id limit size)
      returning 1)
    select count(*) from dropped
  $$;

-- The link of an event that is kept stays, and so does the anchor's own, so that the next one finds what it follows.
drop function audit.drop_links(integer);
create function audit.drop_links(
  size integer, before timestamptz default 'infinity', below bigint default 9223372036854775807) returns bigint
  language sql security definer set search_path = ''
as $$
    with dropped as (
      delete from audit.links where seq in (
        select l.seq from audit.links l
        where l.seq < least((select a.seq from audit.anchors a order by a.cut desc limit 1), below)
          and l.event_at < (select audit.past(before))
        order by l.seq limit size)
      returning 1)
    select count(*) from dropped
  $$;

-- A month of which some events came before it was made takes them in.
create or replace function audit.make_months() returns integer
  language plpgsql security definer set search_path = ''
as $$
declare
  month timestamp;
  starts timestamptz;
  ends timestamptz;
  name text;
  -- So many move at once while inserts of what has no month wait. A month with more ends where it began.
  most constant integer := 10000;
  early integer;
  made integer := 0;
begin
  -- Every instance comes by once an hour.
  perform pg_advisory_xact_lock(6288420150236863571);
  for ahead in 0..2 loop
    month := date_trunc('month', now() at time zone 'UTC') + make_interval(months => ahead);
    starts := month at time zone 'UTC';
    ends := (month + interval '1 month') at time zone 'UTC';
    name := 'events_' || to_char(month, 'YYYY_MM');
    if to_regclass('audit.' || name) is not null then
      continue;
    end if;
    -- As attaching does; before the count, so that none comes in between.
    lock table audit.events_default in access exclusive mode;
    early := (select count(*) from (
      select from audit.events_default e where e.at >= starts and e.at < ends limit most + 1) e);
    if early > most then
      continue;
    end if;
    -- Attached and not made as a partition, which would lock the whole log.
    execute format('create table audit.%I (like audit.events including defaults)', name);
    execute format(
      'with early as (delete from audit.events_default where at >= %L and at < %L returning *)
       insert into audit.%I select * from early', starts, ends, name);
    execute format(
      'alter table audit.events attach partition audit.%I for values from (%L) to (%L)', name, starts, ends);
    made := made + 1;
  end loop;
  return made;
end
$$;

-- One event of a clock that is ahead does not end the linking of all others. It is linked when its time comes.
do $$
declare
  -- As in V9; read only where there is no link, because nobody asks for it again after the first.
  first_look timestamptz := case
    when exists (select from audit.links) then '-infinity'
    else coalesce(
      (select max(least(e.at, now())) - interval '10 minutes' from audit.events e where e.hash is null), '-infinity')
    end;
begin
  execute format(
    $create$
      create or replace function audit.unlinked(size integer)
        returns table (id bigint, at timestamptz, hash bytea)
        language sql stable security definer set search_path = ''
      as $body$
          -- A transaction lives for seconds: whatever appears later than its time says, appears within these ten minutes.
          select e.id, e.at, e.hash from audit.events e
          where e.hash is not null
            and e.at > coalesce(
              (select least(l.event_at, now()) - interval '10 minutes' from audit.links l order by l.seq desc limit 1),
              %L::timestamptz)
            and e.at <= now() + interval '10 minutes'
            and not exists (select 1 from audit.links l where l.event_id = e.id)
          order by e.at, e.id limit size
        $body$
    $create$,
    first_look);
end
$$;
create function audit.ahead() returns bigint
  language sql stable security definer set search_path = ''
as $$
    select count(*) from (
      select from audit.events e
      where e.hash is not null and e.at > now() + interval '10 minutes' limit 200) e
  $$;

revoke all on function
  audit.past(timestamptz), audit.last_link_before(timestamptz), audit.drop_months(timestamptz),
  audit.drop_unfiled(integer, timestamptz), audit.drop_links(integer, timestamptz, bigint), audit.ahead() from public;
grant execute on function
  audit.last_link_before(timestamptz), audit.drop_months(timestamptz),
  audit.drop_unfiled(integer, timestamptz), audit.drop_links(integer, timestamptz, bigint) to ${purging};
grant execute on function audit.ahead() to ${application};
