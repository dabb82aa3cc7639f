/** A server of our own for the tests of one file: started before them, closed after. */
import { afterAll, beforeAll } from 'vitest'
import { createEngine } from '../../src/create.ts'
import { Server } from '../../src/server/index.ts'

/** Gives the port, once the tests run. */
export function serve(config: Readonly<Record<string, string>> = {}): { readonly port: number } {
  const engine = createEngine({ config })
  const server = new Server(engine)
  beforeAll(() => server.listen([{ kind: 'tcp', host: '127.0.0.1', port: 0 }]))
  afterAll(async () => {
    await server.close(100)
    engine.stop()
  })
  return server
}
