-- Run once by the postgres image, as superuser, when its volume is empty.
-- auth_owner owns the schema and migrates it; the others use it, each for one kind of work. Passwords come from the mounted
-- secrets; give the roles beside auth_app their own where somebody else comes as them, such as auth_read.
\set owner_password `cat /run/secrets/auth-owner-password`
\set app_password `cat /run/secrets/auth-app-password`

CREATE ROLE auth_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE auth_app LOGIN PASSWORD :'app_password';
CREATE ROLE auth_outbox LOGIN PASSWORD :'app_password';
CREATE ROLE auth_read LOGIN PASSWORD :'app_password';
CREATE ROLE auth_purge LOGIN PASSWORD :'app_password';
CREATE DATABASE weir OWNER auth_owner;
REVOKE ALL ON DATABASE weir FROM PUBLIC;
GRANT CONNECT ON DATABASE weir TO auth_app, auth_outbox, auth_read, auth_purge;
