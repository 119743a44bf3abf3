-- At every start, before anything is served: the job that makes months comes by a minute later, and a service that was away
-- for long would write that minute's events into no month. An older schema has no months yet.
do $$
begin
  if to_regprocedure('audit.make_months()') is not null then
    perform audit.make_months();
  end if;
exception
  when lock_not_available or deadlock_detected then
    -- The job tries again.
    raise warning 'months of the audit log put off';
end
$$;
