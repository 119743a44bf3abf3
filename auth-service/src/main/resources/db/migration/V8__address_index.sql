-- Where an address leads to, under each blind-index key that is in use: docs/adr/0021-address-index.md.
create table auth.email_index (
  -- One account for one address, whichever key it is looked up by.
  digest bytea primary key,
  user_id uuid not null references auth.users,
  key_id text not null,
  unique (user_id, key_id)
);
insert into auth.email_index (digest, user_id, key_id)
  select email_bidx, id, email_bidx_key from auth.users where status <> 'deleted';
drop index auth.users_email;
alter table auth.users drop column email_bidx, drop column email_bidx_key;
grant select, insert, delete on auth.email_index to ${application};
