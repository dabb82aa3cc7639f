/** `geartrain serve` and folders: one process has one, and what it kept is what a library finds there. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { open } from '../../src/index.ts'

const main = join(import.meta.dirname, '../../src/cli/main.ts')

function serve(folder: string) {
  const words = ['serve', '--port', '0', '--dir', folder, '--appendonly', 'yes', '--json']
  return spawn(process.execPath, ['--import', 'tsx', main, ...words])
}

test('a served folder is locked; when the server has ended it opens, with everything', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'geartrain-served-'))
  const server = serve(folder)
  try {
    const [line] = await once(server.stdout, 'data')
    const { serving } = JSON.parse(String(line)) as { serving: readonly string[] }
    {
      await using db = await open(`redis://${serving[0]!.replace(/^redis:\/\//, '')}`)
      await db.set('k', 'v')
    }
    await expect(open(`file:${folder}`)).rejects.toMatchObject({ code: 'LOCKED' })
    const second = serve(folder)
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
    rmSync(folder, { recursive: true, force: true })
  }
})
