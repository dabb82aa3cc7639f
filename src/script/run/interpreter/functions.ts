/**
 * Inner functions: called by name, or by the methods of arrays.
 *
 * The one idea: a function writes its parameters into the frame's slots and runs; it neither escapes nor recurses, so nobody
 * else uses them meanwhile.
 */
import type { EachOp, Expr, FunctionNode } from '../../ir.ts'
import { arrayIn, booleanIn, broken, type Eval, type Exec, type Frame, known } from './frame.ts'

/** An inner function, ready to run. */
export interface Inner {
  readonly params: readonly number[]
  readonly run: Exec
}

/** The inner functions of a script by their ids, and how one is made. */
export interface Functions {
  readonly byId: Map<number, Inner>
  make(fn: FunctionNode): Inner
}

/** Runs an inner function. */
export function apply({ params, run }: Inner, frame: Frame, args: readonly unknown[]): unknown {
  params.forEach((id, i) => {
    frame.slots[id] = known(args[i])
  })
  frame.result = null
  run(frame)
  return frame.result
}

/** `f(a, b)`. */
export function functionCall(node: Extract<Expr, { kind: 'call' }>, args: readonly Eval[], functions: Functions): Eval {
  return (frame) => {
    const inner = functions.byId.get(node.id) ?? broken(`function ${node.id} is not there`, node.at)
    return apply(
      inner,
      frame,
      args.map((arg) => arg(frame)),
    )
  }
}

/** `array.map(f)` and its kin. */
export function eachCall(node: Extract<Expr, { kind: 'each' }>, array: Eval, functions: Functions): Eval {
  const inner = functions.make(node.fn)
  const walk = WALKS[node.op]
  return (frame) => {
    const items = arrayIn(array(frame), node.at)
    const call: Call = (item, index) => apply(inner, frame, [item, index])
    return known(walk(items, call, (item, index) => booleanIn(call(item, index), node.at)))
  }
}

type Call = (item: unknown, index: number) => unknown
type Test = (item: unknown, index: number) => boolean

const WALKS: Readonly<Record<EachOp, (items: unknown[], call: Call, test: Test) => unknown>> = {
  map: (items, call) => items.map((item, i) => call(item, i)),
  filter: (items, _, test) => items.filter((item, i) => test(item, i)),
  some: (items, _, test) => items.some((item, i) => test(item, i)),
  every: (items, _, test) => items.every((item, i) => test(item, i)),
  find: (items, _, test) => items.find((item, i) => test(item, i)),
  findIndex: (items, _, test) => items.findIndex((item, i) => test(item, i)),
  forEach: (items, call) => {
    items.forEach((item, i) => {
      call(item, i)
    })
    return null
  },
}
