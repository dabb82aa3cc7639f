#!js api_version=1.0 name=tour

// Counts keys like a pattern. The first call counts in the background, a piece at a time, so that others are served in
// between, and keeps the answer for a minute; calls until then are answered at once.
redis.registerAsyncFunction('count', (client, pattern) => {
  const cached = client.call('GET', `count:${pattern}`)
  if (cached !== null) return [cached, 'from the cache']
  return client.executeAsync(async (background) => {
    let count = 0
    let cursor = '0'
    do {
      background.block((client) => {
        const [next, keys] = client.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', '500')
        count += keys.length
        cursor = next
      })
    } while (cursor !== '0')
    background.block((client) => client.call('SET', `count:${pattern}`, String(count), 'EX', '60'))
    return [String(count), 'counted']
  })
})

// Ranks the movies of a genre by rating, leaving out those that few have seen: one atomic step, kept as a sorted set.
redis.registerFunction('rank', (client, genre, minVotes, top) => {
  const ranking = `ranking:${genre}`
  client.call('DEL', ranking)
  for (const key of client.call('SMEMBERS', `genre:${genre}`)) {
    const [rating, votes] = client.call('HMGET', key, 'rating', 'votes')
    if (rating !== null && Number(votes) >= Number(minVotes)) client.call('ZADD', ranking, rating, key)
  }
  const best = client.call('ZRANGE', ranking, '0', String(Number(top) - 1), 'REV')
  return best.map((key) => [client.call('HGET', key, 'title'), client.call('HGET', key, 'rating')])
})

// Reads the stream of flights a thousand at a time in the background and ranks airports by the mean delay of departures.
redis.registerAsyncFunction('delays', (client, minFlights, top) => {
  const answer = (client) => {
    const worst = client.call('ZRANGE', 'airports:delay', '0', String(Number(top) - 1), 'REV', 'WITHSCORES')
    return worst.map(([airport, delay]) => [airport, delay.toFixed(2)])
  }
  if (client.call('EXISTS', 'airports:delay') === 1n) return [answer(client), 'from the cache']
  return client.executeAsync(async (background) => {
    const sums = new Map()
    let from = '-'
    while (from !== undefined) {
      from = background.block((client) => add(sums, client.call('XRANGE', 'flights', from, '+', 'COUNT', '1000')))
    }
    return background.block((client) => {
      for (const [airport, { flights, delay }] of sums) {
        if (flights >= Number(minFlights)) client.call('ZADD', 'airports:delay', String(delay / flights), airport)
      }
      client.call('EXPIRE', 'airports:delay', '60')
      return [answer(client), 'computed']
    })
  })
})

// Adds entries to the sums per airport; returns where to read on, or undefined at the end.
function add(sums, entries) {
  for (const [, [, origin, , , , delay]] of entries) {
    const sum = sums.get(origin) ?? { flights: 0, delay: 0 }
    sum.flights++
    sum.delay += Number(delay)
    sums.set(origin, sum)
  }
  return entries.length === 0 ? undefined : `(${entries[entries.length - 1][0]}`
}
