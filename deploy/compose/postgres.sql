-- Run once by the postgres image, as superuser, when its volume is empty.
-- auth_owner owns the schema and migrates it; auth_app may only use it. Passwords come from the mounted secrets.
\set owner_password `cat /run/secrets/auth-owner-password`
\set app_password `cat /run/secrets/auth-app-password`

CREATE ROLE auth_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE auth_app LOGIN PASSWORD :'app_password';
CREATE DATABASE weir OWNER auth_owner;
REVOKE ALL ON DATABASE weir FROM PUBLIC;
GRANT CONNECT ON DATABASE weir TO auth_app;
