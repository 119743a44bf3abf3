-- Which of somebody's browsers have met a second factor: asked at each code of an authenticator. Sessions without one, which
-- are the most, are not in it; and what a refresh changes is not, so that those updates stay in their page.
create index sessions_second_factor on auth.sessions (user_id, created_at) where amr @> array['mfa'];

-- How old the log is, so that somebody hears of months that stay: by the primary key, of a month at a time.
create function audit.oldest() returns timestamptz
  language sql stable security definer set search_path = ''
as $$
    select min(e.at) from audit.events e
  $$;
revoke all on function audit.oldest() from public;
grant execute on function audit.oldest() to ${purging};

-- Which audit keys had been succeeded when the anchor was made, as `kid since, kid since`: what the chain behind it cannot
-- show any more. Anchors of before say nothing, and their digest does not cover it.
alter table audit.anchors add column succeeded text not null default '';
