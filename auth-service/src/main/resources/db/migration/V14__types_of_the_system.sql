-- A path that does not name pg_temp has it first, for types: a role could put a domain in the place of text or timestamptz,
-- and its check would run as the owner of the function that names such a type.
do $$
declare
  call pg_catalog.regprocedure;
begin
  for call in
    select p.oid from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('auth', 'audit')
  loop
    execute format('alter function %s set search_path = pg_catalog, pg_temp', call);
  end loop;
end
$$;
