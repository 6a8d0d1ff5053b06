//! What the store does in one step each. Times are the store's own, so that the clocks of replicas do not
//! matter, and in microseconds, which are whole numbers of 53 bits until the year 2255.

/// Takes a key for a time, with a note, unless it is held: then gives its note and its age.
/// KEYS: the key; ARGV: note, time.
pub(super) const CLAIM: &str = r"
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local held = redis.call('HMGET', KEYS[1], 'note', 'since')
if held[1] then
  return {held[1], string.format('%.0f', math.max(0, now - tonumber(held[2])))}
end
local time = math.ceil(tonumber(ARGV[2]) / 1000)
if time > 0 then
  redis.call('HSET', KEYS[1], 'note', ARGV[1], 'since', string.format('%.0f', now))
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', time))
end
return false
";

/// Replaces a note that is there, and the one that is said if one is, and holds it for a time from now on. KEYS:
/// the key; ARGV: note, time, and the former note where that matters.
pub(super) const NOTE: &str = r"
local held = redis.call('HGET', KEYS[1], 'note')
if held and (ARGV[3] == nil or held == ARGV[3]) then
  redis.call('HSET', KEYS[1], 'note', ARGV[1])
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil(tonumber(ARGV[2]) / 1000)))
end
return false
";

/// Notes something for a time from now on: where nothing is noted, and in place of what is said, or of whatever there
/// is; what else is noted is held no less long. KEYS: the key; ARGV: note, time, and the former note where that
/// matters.
pub(super) const PUT: &str = r"
local held = redis.call('HGET', KEYS[1], 'note')
local time = math.ceil(tonumber(ARGV[2]) / 1000)
if not held then
  if time <= 0 then return false end
  local t = redis.call('TIME')
  redis.call('HSET', KEYS[1], 'note', ARGV[1], 'since', string.format('%.0f', t[1] * 1000000 + t[2]))
elseif ARGV[3] == nil or held == ARGV[3] then
  redis.call('HSET', KEYS[1], 'note', ARGV[1])
elseif redis.call('PTTL', KEYS[1]) >= time then
  return false
end
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', time))
return false
";

/// Gives a key back, if its note is the one that is said. KEYS: the key; ARGV: note.
pub(super) const RELEASE: &str = r"
if redis.call('HGET', KEYS[1], 'note') == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
return false
";

/// Takes a request out of a budget, or gives the time until it is worth asking again; what
/// `bucket::Bucket::take` does. KEYS: the budget; ARGV: requests in a second and at once, or two empty texts.
pub(super) const TAKE: &str = r"
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local known = redis.call('HMGET', KEYS[1], 'tokens', 'asked', 'left', 'until')
local left, ends = tonumber(known[3] or nil), tonumber(known[4] or nil)
if ends and ends <= now then left, ends = nil, nil end
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local tokens = nil
if rate then
  tokens = burst
  if known[1] then
    local passed = math.max(0, now - tonumber(known[2])) / 1000000
    tokens = math.min(burst, tonumber(known[1]) + passed * rate)
  end
end
local wait = 0
if left == 0 then
  wait = ends - now
elseif tokens and tokens < 1 then
  wait = math.ceil((1 - tokens) / rate * 1000000) + 1
else
  if left then left = left - 1 end
  if tokens then tokens = tokens - 1 end
end
local keep = 600000000
if tokens then
  redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'asked', string.format('%.0f', now))
  keep = math.max(keep, burst / rate * 1000000)
end
if left then
  redis.call('HSET', KEYS[1], 'left', string.format('%.0f', left), 'until', string.format('%.0f', ends))
  keep = math.max(keep, ends - now)
else
  redis.call('HDEL', KEYS[1], 'left', 'until')
end
if tokens or left then
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.min(keep / 1000, 2592000000)))
end
return string.format('%.0f', wait)
";

/// Lets no more than so many requests be taken within a time; what `bucket::Bucket::limit` does. KEYS: the
/// budget; ARGV: requests, time.
pub(super) const LIMIT: &str = r"
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local known = redis.call('HMGET', KEYS[1], 'left', 'until')
local left, ends = tonumber(known[1] or nil), tonumber(known[2] or nil)
if ends and ends <= now then left, ends = nil, nil end
local requests, till = tonumber(ARGV[1]), now + tonumber(ARGV[2])
if requests == 0 and left == 0 then
  ends = math.max(ends, till)
elseif requests == 0 or left == nil then
  left, ends = requests, till
elseif left == 0 then
  -- A pause stands.
elseif till > ends + 1000000 then
  left, ends = requests, till
else
  left = math.min(left, requests)
end
redis.call('HSET', KEYS[1], 'left', string.format('%.0f', left), 'until', string.format('%.0f', ends))
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.min(math.max(ends - now, 600000000) / 1000, 2592000000)))
return false
";
