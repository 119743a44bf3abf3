-- Which key-encryption key a key is stored under; null where that was before they had ids.
alter table auth.keys add column kek_id text;
