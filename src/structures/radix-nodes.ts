/**
 * How many nodes Redis' radix tree would have over the nodes of a stream: XINFO STREAM tells it.
 *
 * The one idea: a tree over sorted keys of 16 bytes is fixed by how many leading bytes neighbours share. Each key is a
 * leaf, each place where keys part is a branch, and a run of bytes without a choice between two of these is one more
 * node. A branch consumes one byte itself. A stack holds the open branches above the current key.
 */
import type { StreamChunk } from './stream-chunk.ts'
import type { StreamId } from './stream-id.ts'

const KEY_BYTES = 16
const WORD = 2 ** 32
const NO_PARENT = -1

/** The number of radix tree nodes over the first ids of these chunks. */
export function radixNodes(chunks: readonly StreamChunk[]): number {
  if (chunks.length === 0) return 1
  const branches: number[] = []
  let nodes = 0
  let left = NO_PARENT
  for (let i = 0; i < chunks.length; i++) {
    const next = chunks[i + 1]
    const right = next === undefined ? NO_PARENT : sharedBytes(chunks[i]!.idAt(0), next.idAt(0))
    nodes += nodesBelow(Math.max(left, right), KEY_BYTES)
    while (branches.length > 0 && branches[branches.length - 1]! > right) {
      const depth = branches.pop()!
      nodes += nodesBelow(Math.max(branches[branches.length - 1] ?? NO_PARENT, right), depth)
    }
    if (right > (branches[branches.length - 1] ?? NO_PARENT)) branches.push(right)
    left = right
  }
  return nodes
}

/** The leaf or branch at `depth`, and the run of bytes between it and its parent if there is one. */
function nodesBelow(parent: number, depth: number): number {
  return depth - parent > 1 ? 2 : 1
}

function sharedBytes(a: StreamId, b: StreamId): number {
  const ms = sharedPartBytes(a.ms, a.rest >> 11, b.ms, b.rest >> 11)
  return ms < 8 ? ms : 8 + sharedPartBytes(a.seq, a.rest & 2047, b.seq, b.rest & 2047)
}

function sharedPartBytes(a: number, aRest: number, b: number, bRest: number): number {
  const high = Math.floor(a / WORD) ^ Math.floor(b / WORD)
  if (high !== 0) return Math.clz32(high) >> 3
  return 4 + (Math.clz32(((a % WORD) + aRest) ^ ((b % WORD) + bRest)) >> 3)
}
