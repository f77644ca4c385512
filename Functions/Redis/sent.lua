-- KEYS[1] the list of an order key, newest first; ARGV[1] how long it lives in ms, ARGV[2] how many stay, then what was
-- sent, in its order.
for i = 3, #ARGV do
    redis.call('LPUSH', KEYS[1], ARGV[i])
end
redis.call('LTRIM', KEYS[1], 0, tonumber(ARGV[2]) - 1)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
