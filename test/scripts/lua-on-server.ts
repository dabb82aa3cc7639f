/** Portable scripts as Lua on a redis-server of one's own: compiled from a function, sent by EVAL. */
import { Redis } from 'ioredis'
import { checkArguments, decodeResult, encodeArguments } from '../../src/script/boundary.ts'
import { compileScript } from '../../src/script/compile.ts'
import type { ArgSpec, KeySpec, ScriptBody, ScriptSpec } from '../../src/script/spec.ts'
import { OracleServer } from '../oracle/redis-server.ts'

/** A server and a connection to it. */
export class LuaServer {
  readonly redis: Redis
  readonly #server: OracleServer

  private constructor(server: OracleServer) {
    this.#server = server
    this.redis = new Redis(server.port)
  }

  static async start(): Promise<LuaServer> {
    return new LuaServer(await OracleServer.start())
  }

  async stop(): Promise<void> {
    this.redis.disconnect()
    await this.#server.stop()
  }

  /** Compiles a function and gives a call of its Lua. */
  lua<K extends KeySpec, A extends ArgSpec, R>(spec: ScriptSpec<K, A, R>, body: ScriptBody<K, A, R>) {
    const compiled = compileScript(body.toString(), spec)
    return async (keys: { [N in keyof K]: string }, args: object = {}): Promise<unknown> => {
      const words = encodeArguments(spec.args, checkArguments(spec.args, { ...args }))
      const names = Object.keys(spec.keys).map((name) => keys[name] ?? '')
      const reply = await this.redis.eval(compiled.lua, names.length, ...names, ...words)
      return decodeResult(spec, typeof reply === 'string' ? reply : null)
    }
  }

  /** A script without keys. */
  pure<A extends ArgSpec, R>(args: A, body: ScriptBody<Record<never, never>, A, R>) {
    const run = this.lua({ keys: {}, args }, body)
    return (values: object = {}) => run({}, values)
  }
}
