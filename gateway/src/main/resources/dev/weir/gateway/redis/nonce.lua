-- The nonce of some five minutes, on which all gateways agree: the first proposal stays.
-- A hash, so that it takes no command beside those of draw.lua, which deployments have allowed already.
--
-- KEYS[1]  of these five minutes
-- ARGV[1]  a proposal
-- ARGV[2]  how long it is kept, in milliseconds
local known = redis.call('HGETALL', KEYS[1])
if known[2] then
  return known[2]
end
redis.call('HSET', KEYS[1], 'nonce', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return ARGV[1]
