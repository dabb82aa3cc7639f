/** A master, its replica and three Sentinels, for a test of its own. */
import { eventually, RedisProcess } from './redis-process.ts'

export class RedisSentinel {
  readonly master: RedisProcess
  readonly replica: RedisProcess
  readonly sentinels: readonly RedisProcess[]

  private constructor(master: RedisProcess, replica: RedisProcess, sentinels: readonly RedisProcess[]) {
    this.master = master
    this.replica = replica
    this.sentinels = sentinels
  }

  static async start(): Promise<RedisSentinel> {
    const master = await RedisProcess.start(['repl-diskless-sync-delay 0'])
    const replica = await RedisProcess.start([`replicaof 127.0.0.1 ${master.port}`, 'repl-diskless-sync-delay 0'])
    const watch = [
      `sentinel monitor mymaster 127.0.0.1 ${master.port} 2`,
      'sentinel down-after-milliseconds mymaster 500',
      'sentinel failover-timeout mymaster 3000',
    ]
    const sentinels = await Promise.all([1, 2, 3].map(() => RedisProcess.start(watch, ['--sentinel'])))
    const all = new RedisSentinel(master, replica, sentinels)
    await eventually('the Sentinels know each other and the replica', () => all.#isComplete())
    return all
  }

  get url(): string {
    return `redis+sentinel://${this.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/mymaster`
  }

  async stop(): Promise<void> {
    await Promise.all([this.master, this.replica, ...this.sentinels].map((server) => server.stop()))
  }

  async #isComplete(): Promise<boolean> {
    const views = await Promise.all(this.sentinels.map((one) => one.ask('SENTINEL', 'MASTER', 'mymaster')))
    return views.every((view) => /num-slaves 1 /.test(view) && /num-other-sentinels 2 /.test(view))
  }
}
