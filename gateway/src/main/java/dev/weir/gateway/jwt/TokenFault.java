package dev.weir.gateway.jwt;

/** Why a token was refused. For tests; the client is told only that the token is not valid. */
enum TokenFault {
  /** There is nothing wrong. */
  NONE,
  OVERSIZED,
  SEGMENTS,
  ENCODING,
  JSON,
  ALGORITHM,
  KEY_ID,
  TYPE,
  FORBIDDEN_PARAMETER,
  UNKNOWN_KEY,
  KEY_MISMATCH,
  SIGNATURE,
  ISSUER,
  AUDIENCE,
  EXPIRY,
  NOT_YET,
  SUBJECT,
  IDENTIFIER,
  EPOCH,
  SCOPE,
  ROLES,
  TENANT,
  CONFIRMATION,
  REVOKED
}
