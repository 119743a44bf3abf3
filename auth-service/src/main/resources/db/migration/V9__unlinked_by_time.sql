-- By time, which is how the log is stored: in order of the id every look sorted all that waited, and the longer linking had
-- been away the longer each look took, until none came to its end.
do $$
declare
  -- Earlier releases' events have no digest, and need not be read each time until there is a first link.
  first_look timestamptz := coalesce(
    (select max(e.at) - interval '10 minutes' from audit.events e where e.hash is null), '-infinity');
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
              (select l.event_at - interval '10 minutes' from audit.links l order by l.seq desc limit 1),
              %L::timestamptz)
            and not exists (select 1 from audit.links l where l.event_id = e.id)
          order by e.at, e.id limit size
        $body$
    $create$,
    first_look);
end
$$;
