-- The thumbprint (RFC 7638) of the key that a session is bound to (RFC 9449); none for a session of cookies or bearer tokens.
alter table auth.sessions add column jkt text;
