-- How far the log is provided with months, and what no month took in: for a meter, so that somebody hears of it.
create function audit.months_state()
  returns table (made_until timestamptz, unfiled bigint)
  language plpgsql stable security definer set search_path = ''
as $$
declare
  month timestamp := date_trunc('month', now() at time zone 'UTC');
begin
  while to_regclass('audit.events_' || to_char(month, 'YYYY_MM')) is not null loop
    month := month + interval '1 month';
  end loop;
  -- Whether there are some is what matters; counting a whole year of them each hour would not be cheap.
  return query
    select month at time zone 'UTC', (select count(*) from (select from audit.events_default limit 1000) e);
end
$$;

revoke all on function audit.months_state() from public;
grant execute on function audit.months_state() to ${purging};
