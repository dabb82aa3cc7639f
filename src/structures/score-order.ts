/**
 * ScoreOrder: (score, member) pairs in order, by score and then by the member's bytes.
 *
 * The one idea: a B+tree whose branches count what lies below each child, so that a rank, an index, a score bound and
 * a lexical bound are all one descent. Leaves hold parallel arrays (numbers unboxed, members shared with the
 * dictionary) and are chained for range walks.
 *
 * Invariants: a pair is present at most once (the caller knows what is present). Every key under child i is >= bound i
 * and < bound i + 1; bound 0 of a branch is never compared. Leaves other than the root are never empty.
 */
import { assert } from '../base/assert.ts'
import type { Bytes } from '../base/bytes.ts'

/** The most pairs of a leaf; the default listpack limit, so a small sorted set is one leaf. */
const LEAF = 128
/** The most children of a branch. */
const FAN = 64

/** Receives a pair. */
export type PairVisitor = (member: Bytes, score: number) => void

/** Neighbouring pairs: as many scores as members. */
export interface PairRun {
  readonly members: readonly Bytes[]
  readonly scores: readonly number[]
}

class Leaf {
  readonly isLeaf = true
  scores: number[]
  members: Bytes[]
  previous: Leaf | undefined = undefined
  next: Leaf | undefined = undefined

  constructor(scores: number[], members: Bytes[]) {
    this.scores = scores
    this.members = members
  }
}

class Branch {
  readonly isLeaf = false
  /** Lower bounds of the children, beside `members`. */
  scores: number[]
  members: Bytes[]
  children: Node[]
  /** Pairs under each child. */
  counts: number[]

  constructor(scores: number[], members: Bytes[], children: Node[], counts: number[]) {
    this.scores = scores
    this.members = members
    this.children = children
    this.counts = counts
  }
}

type Node = Leaf | Branch

/** A counted B+tree of (score, member) pairs. */
export class ScoreOrder {
  /** Pairs held. */
  size = 0
  private root: Node = new Leaf([], [])

  /** Adds a pair that is not present. */
  insert(score: number, member: Bytes): void {
    const root = this.root
    const right = insertInto(root, score, member)
    if (right !== undefined) {
      const bounds = [root.scores[0]!, right.scores[0]!]
      const members = [root.members[0]!, right.members[0]!]
      this.root = new Branch(bounds, members, [root, right], [countOf(root), countOf(right)])
    }
    this.size++
  }

  /** Removes a pair that is present. */
  remove(score: number, member: Bytes): void {
    removeFrom(this.root, score, member)
    this.size--
    this.lowerRoot()
  }

  /** Gives a present pair another score. */
  move(from: number, to: number, member: Bytes): void {
    const leaf = leafOf(this.root, from, member)
    const slot = slotInLeaf(leaf, from, member)
    assert(leaf.members[slot] === member, 'a pair that moves is present')
    const last = leaf.scores.length - 1
    const fitsLeft = slot === 0 ? leaf.previous === undefined : isBefore(leaf, slot - 1, to, member)
    const fitsRight = slot === last ? leaf.next === undefined : !isBefore(leaf, slot + 1, to, member)
    if (fitsLeft && fitsRight) {
      leaf.scores[slot] = to
      return
    }
    // The string held, not the caller's equal one: the dictionary shares it.
    const held = leaf.members[slot]!
    this.remove(from, held)
    this.insert(to, held)
  }

  /** The number of pairs before this one, which need not be present. */
  rank(score: number, member: Bytes): number {
    let node = this.root
    let before = 0
    while (!node.isLeaf) {
      const slot = childFor(node, score, member)
      before += countBefore(node, slot)
      node = node.children[slot]!
    }
    return before + slotInLeaf(node, score, member)
  }

  /** The number of pairs with a score below this one, or, with `orEqual`, not above it. */
  countBelow(score: number, orEqual: boolean): number {
    let node = this.root
    let before = 0
    while (!node.isLeaf) {
      const slot = Math.max(0, scoreBound(node.scores, score, orEqual) - 1)
      before += countBefore(node, slot)
      node = node.children[slot]!
    }
    return before + scoreBound(node.scores, score, orEqual)
  }

  /** The number of members before this one, or, with `orEqual`, not after it; all scores are taken as equal. */
  countBelowLex(member: Bytes, orEqual: boolean): number {
    let node = this.root
    let before = 0
    while (!node.isLeaf) {
      const slot = Math.max(0, memberBound(node.members, member, orEqual) - 1)
      before += countBefore(node, slot)
      node = node.children[slot]!
    }
    return before + memberBound(node.members, member, orEqual)
  }

  /** The member at an index in 0..size-1. */
  memberAt(index: number): Bytes {
    const leaf = leafAt(this.root, index)
    return leaf.members[offsetInLeaf]!
  }

  /** The score at an index in 0..size-1. */
  scoreAt(index: number): number {
    const leaf = leafAt(this.root, index)
    return leaf.scores[offsetInLeaf]!
  }

  /** Visits the pairs from index `start` to index `stop`, both within 0..size-1; backwards when `reverse`. */
  forEachRange(start: number, stop: number, reverse: boolean, visit: PairVisitor): void {
    let left = stop - start + 1
    if (left <= 0) return
    let leaf: Leaf | undefined = leafAt(this.root, reverse ? stop : start)
    let at = offsetInLeaf
    if (reverse) {
      while (leaf !== undefined) {
        for (; at >= 0 && left > 0; at--, left--) visit(leaf.members[at]!, leaf.scores[at]!)
        if (left === 0) return
        leaf = leaf.previous
        if (leaf !== undefined) at = leaf.scores.length - 1
      }
    }
    while (leaf !== undefined) {
      for (; at < leaf.scores.length && left > 0; at++, left--) visit(leaf.members[at]!, leaf.scores[at]!)
      if (left === 0) return
      leaf = leaf.next
      at = 0
    }
  }

  /** The index of a member by walking all pairs, -1 when absent: for a few pairs without a dictionary. */
  search(member: Bytes): number {
    let before = 0
    for (let leaf: Leaf | undefined = leafAt(this.root, 0); leaf !== undefined; leaf = leaf.next) {
      // 170 ns on 100 members; a loop over equal lengths takes 300 to 470.
      const slot = leaf.members.indexOf(member)
      if (slot !== -1) return before + slot
      before += leaf.members.length
    }
    return -1
  }

  /** Removes the pairs from index `start` to index `stop`, both within 0..size-1, a leaf at a time; visits each. */
  removeRange(start: number, stop: number, visit: PairVisitor): void {
    let left = stop - start + 1
    while (left > 0) {
      const removed = removeRun(this.root, start, left, visit)
      left -= removed
      this.size -= removed
      this.lowerRoot()
    }
  }

  /** The pairs as they are now, in order, in runs of a leaf each. */
  runs(): PairRun[] {
    const runs: PairRun[] = []
    for (let leaf: Leaf | undefined = leafAt(this.root, 0); leaf !== undefined; leaf = leaf.next) {
      runs.push({ members: leaf.members.slice(), scores: leaf.scores.slice() })
    }
    return runs
  }

  /** An equal tree with packed leaves. */
  copy(): ScoreOrder {
    const copy = new ScoreOrder()
    if (this.size > 0) this.forEachRange(0, this.size - 1, false, (member, score) => copy.insert(score, member))
    return copy
  }

  private lowerRoot(): void {
    let root = this.root
    while (!root.isLeaf) {
      if (root.children.length > 1) break
      root = root.children[0] ?? new Leaf([], [])
    }
    this.root = root
  }
}

/** Where `leafAt` found its index: a second result without an object. */
let offsetInLeaf = 0

function leafAt(node: Node, index: number): Leaf {
  while (!node.isLeaf) {
    const counts = node.counts
    let slot = 0
    while (index >= counts[slot]!) index -= counts[slot++]!
    node = node.children[slot]!
  }
  offsetInLeaf = index
  return node
}

function leafOf(node: Node, score: number, member: Bytes): Leaf {
  while (!node.isLeaf) node = node.children[childFor(node, score, member)]!
  return node
}

function isBefore(node: Node, slot: number, score: number, member: Bytes): boolean {
  const other = node.scores[slot]!
  return other < score || (other === score && node.members[slot]! < member)
}

/** The first slot whose pair is not before this one. */
function slotInLeaf(leaf: Leaf, score: number, member: Bytes): number {
  let low = 0
  let high = leaf.scores.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(leaf, middle, score, member)) low = middle + 1
    else high = middle
  }
  return low
}

/** The child that holds, or would hold, this pair: the last whose bound is not after it. */
function childFor(branch: Branch, score: number, member: Bytes): number {
  let low = 0
  let high = branch.scores.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    const bound = branch.scores[middle]!
    if (bound < score || (bound === score && branch.members[middle]! <= member)) low = middle
    else high = middle - 1
  }
  return low
}

function scoreBound(scores: number[], score: number, orEqual: boolean): number {
  let low = 0
  let high = scores.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = scores[middle]!
    if (other < score || (orEqual && other === score)) low = middle + 1
    else high = middle
  }
  return low
}

function memberBound(members: Bytes[], member: Bytes, orEqual: boolean): number {
  let low = 0
  let high = members.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = members[middle]!
    if (other < member || (orEqual && other === member)) low = middle + 1
    else high = middle
  }
  return low
}

function countBefore(branch: Branch, slot: number): number {
  const counts = branch.counts
  let sum = 0
  for (let i = 0; i < slot; i++) sum += counts[i]!
  return sum
}

function countOf(node: Node): number {
  return node.isLeaf ? node.scores.length : countBefore(node, node.counts.length)
}

/** Adds a pair below a node; the new right sibling when the node had to split. */
function insertInto(node: Node, score: number, member: Bytes): Node | undefined {
  if (node.isLeaf) return insertIntoLeaf(node, score, member)
  const slot = childFor(node, score, member)
  const child = node.children[slot]!
  node.counts[slot]!++
  const right = insertInto(child, score, member)
  if (right === undefined) return undefined
  const moved = countOf(right)
  node.counts[slot]! -= moved
  node.scores.splice(slot + 1, 0, right.scores[0]!)
  node.members.splice(slot + 1, 0, right.members[0]!)
  node.children.splice(slot + 1, 0, right)
  node.counts.splice(slot + 1, 0, moved)
  if (node.children.length <= FAN) return undefined
  // Growth at the end (time stamps as scores) leaves the old branch nearly full.
  const from = slot + 2 === node.children.length ? FAN - 4 : FAN >> 1
  return new Branch(
    node.scores.splice(from),
    node.members.splice(from),
    node.children.splice(from),
    node.counts.splice(from),
  )
}

function insertIntoLeaf(leaf: Leaf, score: number, member: Bytes): Leaf | undefined {
  const slot = slotInLeaf(leaf, score, member)
  if (leaf.scores.length < LEAF) {
    place(leaf, slot, score, member)
    return undefined
  }
  // Growth at the end leaves full leaves behind, not halves.
  const from = slot === LEAF && leaf.next === undefined ? LEAF : LEAF >> 1
  const right = new Leaf(leaf.scores.slice(from), leaf.members.slice(from))
  leaf.scores.length = leaf.members.length = from
  right.next = leaf.next
  right.previous = leaf
  if (leaf.next !== undefined) leaf.next.previous = right
  leaf.next = right
  if (slot > from || from === LEAF) place(right, slot - from, score, member)
  else place(leaf, slot, score, member)
  return right
}

function place(leaf: Leaf, slot: number, score: number, member: Bytes): void {
  const { scores, members } = leaf
  let i = scores.length
  scores.push(score)
  members.push(member)
  for (; i > slot; i--) {
    scores[i] = scores[i - 1]!
    members[i] = members[i - 1]!
  }
  scores[slot] = score
  members[slot] = member
}

function removeFrom(node: Node, score: number, member: Bytes): void {
  if (node.isLeaf) {
    const slot = slotInLeaf(node, score, member)
    assert(node.members[slot] === member, 'a pair that is removed is present')
    cut(node, slot, 1)
    return
  }
  const slot = childFor(node, score, member)
  node.counts[slot]!--
  removeFrom(node.children[slot]!, score, member)
  tidy(node, slot)
}

/** Removes up to `limit` pairs from the leaf at an index; the number removed. */
function removeRun(node: Node, index: number, limit: number, visit: PairVisitor): number {
  if (node.isLeaf) {
    const end = Math.min(node.scores.length, index + limit)
    for (let i = index; i < end; i++) visit(node.members[i]!, node.scores[i]!)
    cut(node, index, end - index)
    return end - index
  }
  let slot = 0
  while (index >= node.counts[slot]!) index -= node.counts[slot++]!
  const removed = removeRun(node.children[slot]!, index, limit, visit)
  node.counts[slot]! -= removed
  tidy(node, slot)
  return removed
}

function cut(leaf: Leaf, slot: number, count: number): void {
  const { scores, members } = leaf
  const end = scores.length - count
  if (count === 1) {
    // A shift and a pop: setting the length lets V8 reallocate (140 ns against 280 ns on 96 pairs).
    for (let i = slot; i < end; i++) {
      scores[i] = scores[i + 1]!
      members[i] = members[i + 1]!
    }
    scores.pop()
    members.pop()
    return
  }
  for (let i = slot; i < end; i++) {
    scores[i] = scores[i + count]!
    members[i] = members[i + count]!
  }
  scores.length = end
  members.length = end
}

/** Drops an emptied child and joins a thin one with a neighbour. */
function tidy(branch: Branch, slot: number): void {
  const child = branch.children[slot]!
  const length = child.scores.length
  const full = child.isLeaf ? LEAF : FAN
  if (length >= full >> 2) return
  if (length === 0) {
    dropChild(branch, slot)
    return
  }
  const next = branch.children[slot + 1]
  const room = (full * 3) >> 2
  if (next !== undefined && length + next.scores.length <= room) join(branch, slot)
  else if (slot > 0 && length + branch.children[slot - 1]!.scores.length <= room) join(branch, slot - 1)
}

/** Moves everything of child slot + 1 into child slot. */
function join(branch: Branch, slot: number): void {
  const left = branch.children[slot]!
  const right = branch.children[slot + 1]!
  if (!left.isLeaf && !right.isLeaf) {
    // Bound 0 of the right branch was never compared, so it may lie above its keys; the parent's bound does not.
    right.scores[0] = branch.scores[slot + 1]!
    right.members[0] = branch.members[slot + 1]!
    left.children.push(...right.children)
    left.counts.push(...right.counts)
  }
  left.scores.push(...right.scores)
  left.members.push(...right.members)
  branch.counts[slot]! += branch.counts[slot + 1]!
  dropChild(branch, slot + 1)
}

function dropChild(branch: Branch, slot: number): void {
  const child = branch.children[slot]!
  if (child.isLeaf) {
    if (child.previous !== undefined) child.previous.next = child.next
    if (child.next !== undefined) child.next.previous = child.previous
  }
  branch.scores.splice(slot, 1)
  branch.members.splice(slot, 1)
  branch.children.splice(slot, 1)
  branch.counts.splice(slot, 1)
}
