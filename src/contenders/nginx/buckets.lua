-- Token buckets in Redis, shared by every instance: one EVALSHA per request, whatever the number of tiers.

local redis = require("nginx.redis") -- lua-resty-redis, by the name that Debian gives it

local IDLE_MILLIS, POOL = 60000, 64

-- KEYS: one bucket per tier. ARGV: rate per second and burst, per tier. Takes from all or from none.
local SCRIPT = [[
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local left = {}
for i = 1, #KEYS do
  local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local held = redis.call('HMGET', KEYS[i], 'tokens', 'at')
  local tokens = burst
  if held[1] then
    tokens = math.min(burst, tonumber(held[1]) + math.max(0, now - tonumber(held[2])) * rate)
  end
  if tokens < 1 then
    return 0
  end
  left[i] = tokens - 1
end
for i = 1, #KEYS do
  local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  redis.call('HSET', KEYS[i], 'tokens', string.format('%.6f', left[i]), 'at', string.format('%.6f', now))
  redis.call('PEXPIRE', KEYS[i], math.ceil((burst - left[i]) / rate * 1000) + 1000)
end
return 1
]]

local buckets = {}

local function sha1_hex(text)
  return (ngx.sha1_bin(text):gsub(".", function(byte)
    return string.format("%02x", byte:byte())
  end))
end

local function evaluate(connection, sha, caller, caller_key, address, address_key)
  if not address then
    return connection:evalsha(sha, 1, caller_key, caller.rate, caller.burst)
  end
  return connection:evalsha(
    sha, 2, address_key, caller_key, address.rate, address.burst, caller.rate, caller.burst)
end

-- Lets the request pass where Redis fails, as Spring Cloud Gateway's limiter does too.
local function failed(message)
  ngx.log(ngx.ERR, "rate limit not enforced: ", message)
  return true
end

-- Returns a function from tiers and what they are keyed by to whether the request may pass; the address is optional.
function buckets.taker(server)
  local sha = sha1_hex(SCRIPT)
  return function(caller, subject, address, client)
    local connection = redis:new()
    local connected, problem = connection:connect(server.host, server.port)
    if not connected then
      return failed(problem)
    end
    local caller_key = caller.name .. ":" .. subject
    local address_key = address and address.name .. ":" .. client
    local granted, err = evaluate(connection, sha, caller, caller_key, address, address_key)
    if granted == false and err:find("NOSCRIPT", 1, true) then
      connection:script("load", SCRIPT)
      granted, err = evaluate(connection, sha, caller, caller_key, address, address_key)
    end
    if not granted then
      connection:close()
      return failed(err)
    end
    connection:set_keepalive(IDLE_MILLIS, POOL)
    return granted == 1
  end
end

return buckets
