-- Draws from buckets: tokens for the request that asks, from every bucket or from none, and a
-- lease ahead for those to come.
--
-- KEYS      one bucket per tier
-- ARGV      the instance; for how many milliseconds a lease holds; then per tier: shares in a
--           token, shares that a millisecond brings, shares when full; tokens needed now (0 or more);
--           lessee, number of this report, tokens it still holds, tokens it wants ahead, tokens it
--           gives back. With a number of 0 nothing is said of a lease, and the tokens held are
--           such as were spent already: they are taken even where they are not there
-- returns   per tier: 1 if it had what was needed, else 0; tokens leased; whole tokens left;
--           milliseconds to one more
--
-- A bucket is a hash: credit c, stamp t, and per lessee with tokens outstanding "tokens report
-- expiry". A missing one is full. What flows in is bounded by capacity - credit - outstanding, with
-- leases counted as long as they were outstanding: up to their expiry, or up to this call for what
-- it reports. Credit is below zero, by one capacity at most, where more was spent than was there. So credit and the unspent tokens of all leases are together never more than a bucket
-- would hold from which every token is taken as it is used; docs/adr/0009 has the proof.
--
-- The clock is the server's; a lessee stops sooner by its own. It counts microseconds: were it the
-- milliseconds of the arguments, a bucket emptied at the end of one that was full at its beginning
-- would be given the whole of it again. So a share here is a thousandth of theirs. Nothing is
-- written unless every tier agrees. Runs on Redis 6.2, 8 and Valkey.
local LESSEES = 100
local HEAD, WIDTH = 2, 9
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
local instance, lifetime = ARGV[1], tonumber(ARGV[2]) * 1000

local function argument(tier, place)
  return tonumber(ARGV[HEAD + WIDTH * (tier - 1) + place])
end

-- Shares in a token, that a microsecond brings, and when full.
local function shape(tier)
  return argument(tier, 1) * 1000, argument(tier, 2), argument(tier, 3) * 1000
end

local function whole(number)
  -- Lua's own way to write a number keeps 14 digits only.
  return string.format('%.0f', number)
end

local function read(key, capacity)
  local bucket = { credit = capacity, stamp = now, leases = {}, outstanding = 0, count = 0 }
  local held = redis.call('HGETALL', key)
  for i = 1, #held, 2 do
    local field, value = held[i], held[i + 1]
    if field == 'c' then
      bucket.credit = math.min(capacity, tonumber(value))
    elseif field == 't' then
      bucket.stamp = tonumber(value)
    else
      local tokens, report, expiry = string.match(value, '^(%d+) (%d+) (%d+)$')
      bucket.count = bucket.count + 1
      bucket.leases[bucket.count] = { field = field, tokens = tonumber(tokens),
        report = tonumber(report), expiry = tonumber(expiry) }
      bucket.outstanding = bucket.outstanding + tonumber(tokens)
    end
  end
  return bucket
end

local function sooner(one, other)
  return one.expiry < other.expiry
end

-- Brings the bucket up to now, in pieces between which leases expired. After a step back of the
-- clock nothing flows in, and nothing expires, until it has caught up.
local function refill(bucket, unit, rate, capacity)
  local function flow(till)
    if till > bucket.stamp then
      local free = math.max(0, capacity - bucket.credit - bucket.outstanding * unit)
      bucket.credit = bucket.credit + math.min(free, (till - bucket.stamp) * rate)
      bucket.stamp = till
    end
  end
  local today = math.max(now, bucket.stamp)
  local live, gone = {}, {}
  if bucket.count > 1 then
    table.sort(bucket.leases, sooner)
  end
  for _, lease in ipairs(bucket.leases) do
    if lease.expiry <= today then
      flow(lease.expiry)
      bucket.outstanding = bucket.outstanding - lease.tokens
      gone[#gone + 1] = lease.field
    else
      live[#live + 1] = lease
    end
  end
  flow(today)
  bucket.leases, bucket.gone = live, gone
end

-- Takes the report of a lessee and lets it have more; leases are half the capacity at most, so that
-- the other half has room for what flows in.
local function lease(bucket, tier, unit, capacity)
  local report = argument(tier, 6)
  if report == 0 then
    local spent = argument(tier, 7)
    if spent > 0 then
      bucket.credit = math.max(-capacity, bucket.credit - spent * unit)
    end
    return 0
  end
  local name = instance .. ':' .. ARGV[HEAD + WIDTH * (tier - 1) + 5]
  local mine
  for _, other in ipairs(bucket.leases) do
    if other.field == name then
      mine = other
    end
  end
  if mine and mine.report >= report then
    -- An older report that came by a slower way.
    return 0
  end
  local known = mine and mine.tokens or 0
  local held, want, returned = argument(tier, 7), argument(tier, 8), argument(tier, 9)
  if held > known then
    -- The server lost this lease; the new bucket must not hold its tokens once more.
    bucket.credit = math.max(math.min(0, bucket.credit), bucket.credit - (held - known) * unit)
  else
    bucket.credit = math.min(capacity,
      bucket.credit + math.min(returned, known - held) * unit)
  end
  bucket.outstanding = bucket.outstanding - known
  local room = math.floor(capacity / 2 / unit) - bucket.outstanding - held
  if not mine and #bucket.leases >= LESSEES then
    room = 0
  end
  local more = math.max(0, math.min(want, room, math.floor(bucket.credit / unit)))
  bucket.credit = bucket.credit - more * unit
  bucket.outstanding = bucket.outstanding + held + more
  if held + more > 0 then
    bucket.mine = name
    bucket.entry = whole(held + more) .. ' ' .. whole(report) .. ' '
      .. whole(bucket.stamp + lifetime)
  elseif mine then
    bucket.gone[#bucket.gone + 1] = name
  end
  return more
end

local function write(key, bucket, rate, capacity)
  if #bucket.gone > 0 then
    redis.call('HDEL', key, unpack(bucket.gone))
  end
  if bucket.entry then
    redis.call('HSET', key, 'c', whole(bucket.credit), 't', whole(bucket.stamp),
      bucket.mine, bucket.entry)
  else
    redis.call('HSET', key, 'c', whole(bucket.credit), 't', whole(bucket.stamp))
  end
  local last = bucket.entry and bucket.stamp + lifetime or bucket.stamp
  for _, other in ipairs(bucket.leases) do
    last = math.max(last, other.expiry)
  end
  local full = math.ceil((capacity - bucket.credit) / rate) + last - now
  redis.call('PEXPIRE', key, whole(math.ceil(full / 1000) + 1000))
end

local buckets, granted = {}, true
for i = 1, #KEYS do
  local unit, rate, capacity = shape(i)
  local bucket = read(KEYS[i], capacity)
  refill(bucket, unit, rate, capacity)
  local need = argument(i, 4)
  bucket.had = need == 0 or bucket.credit >= need * unit
  granted = granted and bucket.had
  buckets[i] = bucket
end

local states = {}
for i = 1, #KEYS do
  local unit, rate, capacity = shape(i)
  local bucket, leased = buckets[i], 0
  if granted then
    bucket.credit = bucket.credit - argument(i, 4) * unit
    leased = lease(bucket, i, unit, capacity)
    write(KEYS[i], bucket, rate, capacity)
  end
  states[4 * i - 3] = bucket.had and 1 or 0
  states[4 * i - 2] = leased
  states[4 * i - 1] = math.floor(bucket.credit / unit)
  states[4 * i] = math.ceil((unit - bucket.credit % unit) / (rate * 1000))
end
return states
