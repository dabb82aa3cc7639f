/**
 * Health and metrics over HTTP, on a port of their own: `/health` answers 200 while the engine answers, `/metrics` is for
 * Prometheus.
 */
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { ServerError, systemCode } from './errors.ts'
import type { Metrics } from './metrics.ts'

export class Health {
  readonly #http: HttpServer
  readonly #metrics: Metrics
  #closing = false

  private constructor(metrics: Metrics) {
    this.#metrics = metrics
    this.#http = createServer((request, response) => this.#answer(request, response))
  }

  /** Listens on `host:port`; port 0 takes a free one. Throws `ServerError`. */
  static async open(metrics: Metrics, port: number, host = '127.0.0.1'): Promise<Health> {
    const health = new Health(metrics)
    try {
      await new Promise<void>((resolve, reject) => {
        health.#http.once('error', reject)
        health.#http.listen(port, host, resolve)
      })
    } catch (error) {
      const why = systemCode(error) === 'EADDRINUSE' ? 'is taken: choose another --metrics-port' : `: ${error}`
      throw new ServerError('GEARTRAIN_LISTEN', `http://${host}:${port} ${why}`, error)
    }
    return health
  }

  get port(): number {
    const address = this.#http.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** From now on `/health` answers 503, so that nobody is sent here any more. */
  closing(): void {
    this.#closing = true
  }

  close(): void {
    this.#metrics.stop()
    this.#http.close()
    this.#http.closeAllConnections()
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split('?')[0]
    if (request.method !== 'GET' && request.method !== 'HEAD') send(response, 405, 'only GET\n')
    else if (path === '/health') send(response, this.#closing ? 503 : 200, this.#closing ? 'closing\n' : 'ok\n')
    else if (path === '/metrics') send(response, 200, this.#metrics.text(), 'text/plain; version=0.0.4; charset=utf-8')
    else send(response, 404, 'try /health or /metrics\n')
  }
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
}
