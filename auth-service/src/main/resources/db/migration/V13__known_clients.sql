-- Which of somebody's browsers have met a second factor: asked at each code of an authenticator. Sessions without one, which
-- are the most, are not in it; and what a refresh changes is not, so that those updates stay in their page.
create index sessions_second_factor on auth.sessions (user_id, created_at) where amr @> array['mfa'];
