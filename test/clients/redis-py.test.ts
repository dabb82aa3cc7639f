/** redis-py takes our server for a Redis. */
import { describe, expect, test } from 'vitest'
import { serve } from './served.ts'
import { output, pythonMissing } from './tools.ts'

const server = serve()

/** Runs a script with a client `r`; gives the lines that it printed. */
async function python(script: string): Promise<string[]> {
  const head = `import redis, threading\nr = redis.Redis(port=${server.port}, decode_responses=True)\nr.flushall()\n`
  return (await output('/usr/bin/python3', ['-c', head + script])).trimEnd().split('\n')
}

describe.skipIf(pythonMissing)('redis-py', () => {
  test('values of every type', async () => {
    const script = `
r.set("k", "1"); r.incrby("k", 41); r.zadd("z", {"a": 1, "b": 2.5}); r.hset("h", mapping={"f": "v"})
print(r.get("k"), r.zrange("z", 0, -1, withscores=True), r.hgetall("h"))
print(r.info("server")["redis_version"], r.info("keyspace")["db0"]["keys"], r.config_get("maxclients"))
r.xadd("s", {"f": "v"}, id="1-1"); r.xgroup_create("s", "g", "0")
print(r.xreadgroup("g", "c", {"s": ">"}), r.xpending("s", "g")["pending"])
print(r.slowlog_len() >= 0, r.client_list()[0]["db"], r.time()[0] > 0, r.role())
`
    expect(await python(script)).toEqual([
      "42 [('a', 1.0), ('b', 2.5)] {'f': 'v'}",
      "7.0.15 3 {'maxclients': '10000'}",
      "[['s', [('1-1', {'f': 'v'})]]] 1",
      "True 0 True ['master', 0, []]",
    ])
  })

  test('pipelines, and transactions that watch', async () => {
    const script = `
print(r.pipeline(transaction=False).set("a", 1).incr("a").get("a").execute())
print(r.transaction(lambda pipe: (pipe.multi(), pipe.incr("a")), "a"))
with r.pipeline() as pipe:
    pipe.watch("a")
    r.set("a", "theirs")
    pipe.multi()
    pipe.set("a", "mine")
    try:
        pipe.execute()
    except redis.WatchError:
        print("watched", r.get("a"))
try:
    r.pipeline().lpush("a", 1).execute()
except redis.ResponseError as error:
    print(error)
`
    expect(await python(script)).toEqual([
      "[True, 2, '2']",
      '[3]',
      'watched theirs',
      'Command # 1 (LPUSH a 1) of pipeline caused error: WRONGTYPE Operation against a key holding the wrong kind of value',
    ])
  })

  test('blocking, messages, iterators', async () => {
    const script = `
threading.Timer(0.05, lambda: redis.Redis(port=${server.port}).rpush("l", "x")).start()
print(r.blpop("l", 5), r.blpop("l", 0.01))
listener = r.pubsub()
listener.subscribe("news"); listener.psubscribe("n*")
print(listener.get_message(timeout=1)["type"], listener.get_message(timeout=1)["type"], r.publish("news", "hi"))
print(listener.get_message(timeout=1)["data"], listener.get_message(timeout=1)["pattern"])
listener.close()
for i in range(300): r.set("key:%d" % i, i)
r.sadd("a-set", *range(300))
print(len(set(r.scan_iter("key:*", count=20))), len(set(r.sscan_iter("a-set"))))
`
    const lines = await python(script)
    expect(lines).toEqual(["('l', 'x') None", 'subscribe psubscribe 2', 'hi n*', '300 300'])
  })
})
