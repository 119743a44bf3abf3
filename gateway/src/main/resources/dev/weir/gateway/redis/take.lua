-- Takes a token from every bucket, or from none.
--
-- KEYS      one bucket per tier
-- ARGV      per tier: shares in a token, shares that a millisecond brings, shares when full
-- returns   per tier: 1 if it had a token, else 0; whole tokens left; milliseconds to one more
--
-- The clock is the server's, so that instances need not agree on the time. A bucket is one string,
-- "credit millis"; a missing one is full, so a key may expire once it would be full again. Nothing
-- is written unless every tier agrees. Runs on Redis 6.2, 8 and Valkey.
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local credits, stamps, granted = {}, {}, true

for i = 1, #KEYS do
  local unit = tonumber(ARGV[3 * i - 2])
  local refill = tonumber(ARGV[3 * i - 1])
  local capacity = tonumber(ARGV[3 * i])
  local credit, stamp = capacity, now
  local held = redis.call('GET', KEYS[i])
  if held then
    local left, at = string.match(held, '^(%d+) (%d+)$')
    if left then
      -- After a step back of the clock nothing flows in until it has caught up.
      stamp = math.max(now, tonumber(at))
      credit = math.min(capacity, tonumber(left) + (stamp - tonumber(at)) * refill)
    end
  end
  credits[i], stamps[i] = credit, stamp
  granted = granted and credit >= unit
end

local states = {}
for i = 1, #KEYS do
  local unit = tonumber(ARGV[3 * i - 2])
  local refill = tonumber(ARGV[3 * i - 1])
  local had = credits[i] >= unit
  if granted then
    credits[i] = credits[i] - unit
    local full = math.ceil((tonumber(ARGV[3 * i]) - credits[i]) / refill) + stamps[i] - now
    -- %.0f, as Lua's own way to write a number keeps 14 digits only.
    redis.call('SET', KEYS[i], string.format('%.0f %.0f', credits[i], stamps[i]),
      'PX', string.format('%.0f', full + 1000))
  end
  states[3 * i - 2] = had and 1 or 0
  states[3 * i - 1] = math.floor(credits[i] / unit)
  states[3 * i] = math.ceil((unit - credits[i] % unit) / refill)
end
return states
