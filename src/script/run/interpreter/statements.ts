/**
 * Statements of the tree, made into closures that say how they ended.
 */
import type { Stmt } from '../../ir.ts'
import { compile } from './expressions.ts'
import { arrayIn, booleanIn, type Ending, type Eval, type Exec, type Frame } from './frame.ts'
import type { Functions } from './functions.ts'

type Of<Kind extends Stmt['kind']> = Extract<Stmt, { kind: Kind }>

type Compilers = { readonly [Kind in Stmt['kind']]: (node: Of<Kind>, functions: Functions) => Exec }

const NULL: Eval = () => null

const COMPILERS: Compilers = {
  declare: (node, functions) => {
    const value = node.value === undefined ? NULL : compile(node.value, functions)
    return (frame) => {
      frame.slots[node.id] = value(frame)
      return undefined
    }
  },
  function: (node, functions) => {
    functions.byId.set(node.id, functions.make(node.fn))
    return () => undefined
  },
  expression: (node, functions) => {
    const value = compile(node.value, functions)
    return (frame) => {
      value(frame)
      return undefined
    }
  },
  block: ({ body }, functions) => sequence(body, functions),
  if: (node, functions) => {
    const test = compile(node.test, functions)
    const [then, otherwise] = [sequence(node.yes, functions), sequence(node.no, functions)]
    return (frame) => (booleanIn(test(frame), node.at) ? then(frame) : otherwise(frame))
  },
  loop,
  forOf,
  break: () => () => 'break',
  continue: () => () => 'continue',
  return: (node, functions) => {
    const value = node.value === undefined ? NULL : compile(node.value, functions)
    return (frame) => {
      frame.result = value(frame)
      return 'return'
    }
  },
}

/** Makes statements ready to run, one after the other. */
export function sequence(body: readonly Stmt[], functions: Functions): Exec {
  const statements = body.map((node) => {
    const make = COMPILERS[node.kind] as (node: Stmt, functions: Functions) => Exec
    return make(node, functions)
  })
  return (frame) => {
    for (const run of statements) {
      const ending = run(frame)
      if (ending !== undefined) return ending
    }
    return undefined
  }
}

function loop(node: Of<'loop'>, functions: Functions): Exec {
  const test = node.test && compile(node.test, functions)
  const update = node.update && compile(node.update, functions)
  const body = sequence(node.body, functions)
  const goesOn = (frame: Frame) => test === undefined || booleanIn(test(frame), node.at)
  return (frame) => {
    if (node.testFirst && !goesOn(frame)) return undefined
    do {
      const ending = body(frame)
      if (ending === 'return') return ending
      if (ending === 'break') return undefined
      update?.(frame)
    } while (goesOn(frame))
    return undefined
  }
}

function forOf(node: Of<'forOf'>, functions: Functions): Exec {
  const array = compile(node.array, functions)
  const body = sequence(node.body, functions)
  return (frame): Ending => {
    const items = arrayIn(array(frame), node.at)
    for (let i = 0; i < items.length; i++) {
      frame.slots[node.id] = items[i]
      if (node.index !== undefined) frame.slots[node.index] = i
      const ending = body(frame)
      if (ending === 'return') return ending
      if (ending === 'break') return undefined
    }
    return undefined
  }
}
