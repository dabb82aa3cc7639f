/**
 * The door `geartrain/server`: an engine on the network.
 */
export { createEngine } from '../create.ts'
export { type Endpoint, showEndpoint } from './endpoints.ts'
export { ServerError, type ServerErrorCode } from './errors.ts'
export type { Log } from './log.ts'
export { Server } from './server.ts'
