/** `geartrain serve` and folders: one process has one, and what it kept is what a library finds there. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { open } from '../../src/index.ts'

const main = join(import.meta.dirname, '../../src/cli/main.ts')

function serve(root: string, socket: string) {
  const place = ['--port', '0', '--unixsocket', join(root, socket)]
  const words = ['serve', ...place, '--dir', join(root, 'data'), '--appendonly', 'yes', '--json']
  return spawn(process.execPath, ['--import', 'tsx', main, ...words])
}

test('a served folder is locked; when the server has ended it opens, with everything', async () => {
  const root = mkdtempSync(join(tmpdir(), 'geartrain-served-'))
  const folder = join(root, 'data')
  const server = serve(root, 'first')
  try {
    while (!String(await once(server.stdout, 'data')).includes('serving'));
    {
      await using db = await open(`unix:${join(root, 'first')}`)
      await db.set('k', 'v')
    }
    await expect(open(`file:${folder}`)).rejects.toMatchObject({ code: 'LOCKED' })
    const second = serve(root, 'second')
    let said = ''
    second.stderr.on('data', (chunk) => {
      said += String(chunk)
    })
    expect((await once(second, 'close'))[0]).toBe(1)
    expect(said).toContain(`in use by process ${server.pid}`)
    server.kill('SIGTERM')
    await once(server, 'exit')
    expect(existsSync(join(folder, 'geartrain.lock'))).toBe(false)
    await using db = await open(`file:${folder}`)
    expect(await db.get('k')).toBe('v')
  } finally {
    server.kill('SIGKILL')
    rmSync(root, { recursive: true, force: true })
  }
})

test.each([
  [[], /in memory: it ends with this process/],
  [['--dir', 'kept'], /\/kept, snapshots, save 3600 1 .*--appendonly yes keeps every write/],
  [['--dir', 'kept', '--save', ''], /\/kept, saved when asked to/],
  [['--dir', 'kept', '--appendonly', 'yes', '--appendfsync', 'always'], /\/kept, a log, appendfsync always/],
])('the banner says where the data is: %j', async (words, expected) => {
  const root = mkdtempSync(join(tmpdir(), 'geartrain-banner-'))
  const place = ['--port', '0', '--unixsocket', join(root, 'socket')]
  const tsx = import.meta.resolve('tsx')
  const server = spawn(process.execPath, ['--import', tsx, main, 'serve', ...place, ...words], { cwd: root })
  try {
    let said = ''
    server.stdout.on('data', (chunk) => (said += String(chunk)))
    await expect.poll(() => said, { timeout: 30_000 }).toContain('stop')
    expect(said).toMatch(expected)
  } finally {
    server.kill('SIGKILL')
    await once(server, 'exit')
    rmSync(root, { recursive: true, force: true })
  }
})
