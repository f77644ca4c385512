-- A deployment's circuit as all instances see it. KEYS: 1 that it opened, 2 its rest, 3 its probe. ARGV: 1 look or open;
-- 2 of a look how long a probe may take, of an opening the rest, in milliseconds. A look returns closed (0, 0), open (1
-- and for how long) or the one probe (2, 0). What is never closed is forgotten ten minutes after its rest.
if ARGV[1] == 'open' then
    local rest = math.max(tonumber(ARGV[2]), redis.call('PTTL', KEYS[2]))
    redis.call('SET', KEYS[1], '1', 'PX', rest + 600000)
    redis.call('SET', KEYS[2], '1', 'PX', rest)
    redis.call('DEL', KEYS[3])
    return { 1, rest }
end

if redis.call('EXISTS', KEYS[1]) == 0 then
    return { 0, 0 }
end
local left = redis.call('PTTL', KEYS[2])
if left > 0 then
    return { 1, left }
end
if redis.call('SET', KEYS[3], '1', 'NX', 'PX', tonumber(ARGV[2])) then
    return { 2, 0 }
end
return { 1, math.max(redis.call('PTTL', KEYS[3]), 1) }
