-- Bearer tokens: parsed, their claims checked, and remembered until they expire where that is configured.

local cjson = require("cjson.safe")
local base64 = require("ngx.base64")
local rsa = require("rsa")

local decode = base64.decode_base64url
local find, sub = string.find, string.sub

local bearer = {}

local function names(audiences, wanted)
  if type(audiences) ~= "table" then
    return audiences == wanted
  end
  for i = 1, #audiences do
    if audiences[i] == wanted then
      return true
    end
  end
  return false
end

local function decode_object(part)
  local text = decode(part)
  local object = text and cjson.decode(text)
  return type(object) == "table" and object or nil
end

local function parse(key, settings, token)
  local first = find(token, ".", 1, true)
  local second = first and find(token, ".", first + 1, true)
  if not second or find(token, ".", second + 1, true) then
    return nil
  end
  local header = decode_object(sub(token, 1, first - 1))
  local signature = decode(sub(token, second + 1))
  -- The algorithm is ours to choose, not the token's (RFC 8725 section 3.1).
  if not header or header.alg ~= "RS256" or not signature then
    return nil
  end
  if not rsa.verifies(key, signature, sub(token, 1, second - 1)) then
    return nil
  end
  local claims = decode_object(sub(token, first + 1, second - 1))
  if not claims or type(claims.sub) ~= "string" or type(claims.exp) ~= "number" then
    return nil
  end
  if claims.iss ~= settings.issuer or not names(claims.aud, settings.audience) then
    return nil
  end
  return claims
end

-- Both variants look at exp on every use; the cache's own time to live only frees the memory.
local function current(claims)
  return claims and claims.exp > ngx.time() and claims or nil
end

local function token_of(authorization)
  if not authorization or sub(authorization, 1, 7):lower() ~= "bearer " then
    return nil
  end
  return sub(authorization, 8)
end

-- Returns a function from the Authorization field to the claims, or to nil.
function bearer.verifier(settings)
  local key = rsa.public_key(settings.key)
  if not settings.cached_tokens then
    return function(authorization)
      local token = token_of(authorization)
      return token and current(parse(key, settings, token))
    end
  end
  -- Per worker, keyed by the whole token: no copy out of shared memory, no digest to compute.
  local verified = assert(require("resty.lrucache").new(settings.cached_tokens))
  return function(authorization)
    local token = token_of(authorization)
    if not token then
      return nil
    end
    local claims = verified:get(token)
    if not claims then
      claims = current(parse(key, settings, token))
      if claims then
        verified:set(token, claims, claims.exp - ngx.time())
      end
    end
    return current(claims)
  end
end

return bearer
