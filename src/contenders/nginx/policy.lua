-- What a request must satisfy before it is passed on: a verified token, then tokens in its buckets.

local bearer = require("bearer")

local policy = {}
local settings, verify, take

-- Runs once, before the first request; the buckets are there in the modes that throttle only.
function policy.configure(given)
  settings = given
  verify = bearer.verifier(given)
  if given.redis then
    take = require("buckets").taker(given.redis)
  end
end

local function refuse_identity()
  ngx.header["WWW-Authenticate"] = 'Bearer error="invalid_token"'
  return ngx.exit(ngx.HTTP_UNAUTHORIZED)
end

function policy.enforce(route)
  local claims = verify(ngx.var.http_authorization)
  if not claims then
    return refuse_identity()
  end
  if not take then
    return
  end
  -- One script call for all tiers of the request.
  if not take(settings.callers[route], claims.sub, settings.address, ngx.var.remote_addr) then
    ngx.header["Retry-After"] = "1"
    return ngx.exit(ngx.HTTP_TOO_MANY_REQUESTS)
  end
end

return policy
