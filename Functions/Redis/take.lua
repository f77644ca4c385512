-- Buckets of the generic cell rate algorithm, all or none. A bucket is "fullAt blockedUntil" in microseconds; the sums
-- are those of Engine/Limits/LimitBucket.cs. KEYS: the buckets. ARGV: 1 take, charge or block; 2 the time in
-- microseconds, empty for this server's clock; 3 patience; then for each bucket its increment (of a block: how long),
-- its tolerance and how far ahead it can honestly be: what is further was written by a clock that has stepped back.
-- Returns allowed (1 or 0), the wait in microseconds, which bucket made it wait (0: none).
local mode, now, patience = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
if not now then
    local time = redis.call('TIME')
    now = tonumber(time[1]) * 1000000 + tonumber(time[2])
end

local buckets, longest, which = {}, 0, 0
for i, key in ipairs(KEYS) do
    local increment, tolerance = tonumber(ARGV[3 * i + 1]), tonumber(ARGV[3 * i + 2])
    local furthest = now + tonumber(ARGV[3 * i + 3])
    local full, blocked = string.match(redis.call('GET', key) or '', '^(%d+) (%d+)$')
    full, blocked = tonumber(full or 0), tonumber(blocked or 0)
    if math.max(full, blocked) > furthest then
        full, blocked = 0, 0
    end
    if mode == 'block' then
        blocked = math.max(blocked, now + increment)
    elseif mode == 'charge' then
        full = math.max(full, now) + increment
    else
        local after = math.max(full, blocked, now) + increment
        local wait = math.max(after - tolerance, blocked) - now
        if wait > longest then
            longest, which = wait, i
        end
    end
    buckets[i] = { full, blocked, increment, furthest }
end

if mode == 'take' and longest > patience then
    return { 0, longest, which }
end

for i, key in ipairs(KEYS) do
    local full, blocked, increment, furthest = unpack(buckets[i])
    if mode == 'take' then
        -- Taken together, used together: when the slowest of them lets go.
        full = math.max(full, blocked, now + longest) + increment
    end
    full, blocked = math.min(full, furthest), math.min(blocked, furthest)
    -- Full again: it says nothing any more. Ten seconds of grace for clocks that jump.
    local left = math.max(math.max(full, blocked) - now, 0)
    local value = string.format('%.0f %.0f', math.max(full, 0), blocked)
    redis.call('SET', key, value, 'PX', math.ceil(left / 1000) + 10000)
end
return { 1, longest, which }
