/**
 * The builder: a script made by method calls, for programs whose toolchain rewrites functions or that generate scripts.
 *
 * The one idea: the builder writes the function that it stands for, one statement a line, and the compiler reads it. So both ways
 * give the same tree, the same checks and the same findings, whose lines count the statements. Every call of a handle
 * or of the environment is a statement of its own, in the order in which the builder's methods were called; values are names.
 */
import { type CompiledScript, compileScript } from './compile.ts'
import type { HandleOf, KeyKind, LogLevel, Scalar } from './handles.ts'
import { ENV_NAMES, METHODS } from './methods.ts'
import type { Json } from './shapes.ts'
import type { ArgSpec, ArgValues, KeySpec, ScriptSpec } from './spec.ts'

/** A value of the script: an expression over what stands before it. `types` exists in the type system only. */
export class Value<T> {
  readonly code: string
  readonly types?: T

  constructor(code: string) {
    this.code = code
  }

  plus(other: Given<T>): Value<T> {
    return new Value(`(${this.code} + ${codeOf(other)})`)
  }

  minus(this: Value<number>, other: Given<number>): Value<number> {
    return new Value(`(${this.code} - ${codeOf(other)})`)
  }

  times(this: Value<number>, other: Given<number>): Value<number> {
    return new Value(`(${this.code} * ${codeOf(other)})`)
  }

  dividedBy(this: Value<number>, other: Given<number>): Value<number> {
    return new Value(`(${this.code} / ${codeOf(other)})`)
  }

  remainder(this: Value<number>, other: Given<number>): Value<number> {
    return new Value(`(${this.code} % ${codeOf(other)})`)
  }

  /** Math.floor, ceil, trunc, round, abs or sign. */
  rounded(this: Value<number>, by: 'floor' | 'ceil' | 'trunc' | 'round' | 'abs' | 'sign'): Value<number> {
    return new Value(`Math.${by}(${this.code})`)
  }

  /** `===`; with null it takes null and undefined for one. */
  is(other: Given<T> | null): Value<boolean> {
    return new Value(other === null ? `(${this.code} == null)` : `(${this.code} === ${codeOf(other)})`)
  }

  isNot(other: Given<T> | null): Value<boolean> {
    return new Value(other === null ? `(${this.code} != null)` : `(${this.code} !== ${codeOf(other)})`)
  }

  below(this: Value<number>, other: Given<number>): Value<boolean> {
    return new Value(`(${this.code} < ${codeOf(other)})`)
  }

  above(this: Value<number>, other: Given<number>): Value<boolean> {
    return new Value(`(${this.code} > ${codeOf(other)})`)
  }

  and(this: Value<boolean>, other: Given<boolean>): Value<boolean> {
    return new Value(`(${this.code} && ${codeOf(other)})`)
  }

  or(this: Value<boolean>, other: Given<boolean>): Value<boolean> {
    return new Value(`(${this.code} || ${codeOf(other)})`)
  }

  not(this: Value<boolean>): Value<boolean> {
    return new Value(`!${this.code}`)
  }

  /** `??`. */
  orElse<U>(other: Given<U>): Value<NonNullable<T> | U> {
    return new Value(`(${this.code} ?? ${codeOf(other)})`)
  }

  /** The condition's choice of two values. */
  choose<U>(this: Value<boolean>, yes: Given<U>, no: Given<U>): Value<U> {
    return new Value(`(${this.code} ? ${codeOf(yes)} : ${codeOf(no)})`)
  }

  /** An element, or undefined. */
  at<U>(this: Value<readonly U[]>, index: Given<number>): Value<U | undefined> {
    return new Value(`${this.code}[${codeOf(index)}]`)
  }

  /** How many elements an array has, or chars a text that is known to be ASCII. */
  length(this: Value<readonly unknown[] | string>): Value<number> {
    return new Value(`${this.code}.length`)
  }

  /** A field of an object, or undefined. */
  field<N extends keyof NonNullable<T> & string>(name: N): Value<NonNullable<T>[N]> {
    return new Value(`${this.code}[${JSON.stringify(name)}]`)
  }
}

/** A variable: a value that can be written. */
export class Variable<T> extends Value<T> {
  readonly #write: (line: string) => void

  constructor(code: string, write: (line: string) => void) {
    super(code)
    this.#write = write
  }

  set(value: Given<T>): void {
    this.#write(`${this.code} = ${codeOf(value)}`)
  }

  /** Appends to an array. */
  push<U>(this: Variable<U[]>, value: Given<U>): void {
    this.#write(`${this.code}.push(${codeOf(value)})`)
  }

  /** Writes a field of an object. */
  put<U>(this: Variable<Record<string, U>>, name: Given<string>, value: Given<U>): void {
    this.#write(`${this.code}[${codeOf(name)}] = ${codeOf(value)}`)
  }
}

/** A value of the script, or one of the program that builds it. */
export type Given<T> = T | Value<T>

/** A handle whose methods take values and give values. */
export type BuiltHandle<H> = {
  readonly [M in keyof H as M extends 'child' ? never : M]: H[M] extends (...args: infer P) => infer R
    ? (...args: { [I in keyof P]: Given<P[I]> }) => Value<R>
    : Value<H[M]>
} & { child<Q extends KeyKind>(kind: Q, ...parts: Given<Scalar>[]): BuiltHandle<HandleOf[Q]> }

/** What `build` gives to its callback. */
export interface Builder<K extends KeySpec, A extends ArgSpec> {
  readonly keys: { readonly [N in keyof K]: BuiltHandle<HandleOf[K[N]]> }
  readonly args: { readonly [N in keyof ArgValues<A>]-?: Value<ArgValues<A>[N]> }
  /** A variable with a first value. */
  variable<T>(value: Given<T>): Variable<T>
  /** Texts and numbers joined into one text. */
  text(...parts: Given<Scalar>[]): Value<string>
  if(test: Given<boolean>, yes: () => void, no?: () => void): void
  /** The test is made before every round, with everything that its callback does. */
  while(test: () => Given<boolean>, body: () => void): void
  forEach<T>(array: Given<readonly T[]>, body: (item: Value<T>, index: Value<number>) => void): void
  break(): void
  continue(): void
  return(value?: unknown): void
  toNumber(text: Given<string | null>): Value<number | null>
  toJson(value: unknown): Value<string>
  parseJson(text: Given<string>): Value<Json>
  ascii(text: Given<string>): Value<string>
  log(level: LogLevel, message: Given<string>): void
  fail(code: string, message: Given<string>): void
  nowMs(): Value<number>
  call(command: string, ...args: Given<Scalar>[]): Value<Json>
}

/** Builds a script. The callback may return the result; it runs once, now. Throws a ScriptDefinitionError. */
export function build<K extends KeySpec, A extends ArgSpec, R>(
  spec: ScriptSpec<K, A, R>,
  make: (b: Builder<K, A>) => unknown,
): CompiledScript & { readonly source: string } {
  const writer = new Writer()
  const result = make(builderOf(spec, writer))
  if (result !== undefined) writer.write(`return ${codeOf(result)}`)
  const source = `(keys, args, env) => {\n${writer.lines.join('\n')}\n}`
  return { ...compileScript(source, spec), source }
}

/** The text of the function, as it grows. */
class Writer {
  readonly lines: string[] = []
  #names = 0

  write(line: string): void {
    this.lines.push(`${line};`)
  }

  open(line: string): void {
    this.lines.push(line)
  }

  fresh(): string {
    return `v${this.#names++}`
  }

  /** Names the outcome of a call. */
  bind(code: string): string {
    const name = this.fresh()
    this.write(`const ${name} = ${code}`)
    return name
  }
}

/** What a value of either side looks like in the function. */
function codeOf(value: unknown): string {
  if (value instanceof Value) return value.code
  if (Array.isArray(value)) return `[${value.map(codeOf).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, field]) => `${nameCode(name)}: ${codeOf(field)}`)
    return `({ ${fields.join(', ')} })`
  }
  if (value === undefined || typeof value === 'string' || typeof value === 'boolean' || value === null) {
    return value === undefined ? 'undefined' : JSON.stringify(value)
  }
  if (typeof value === 'number')
    return value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? '-0' : value})` : String(value)
  throw new TypeError(`a ${typeof value} is no value of a script`)
}

function nameCode(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)
}

/** Options stand bare in the call: the compiler wants them written in place. */
function argumentCode(value: unknown): string {
  const code = codeOf(value)
  return code.startsWith('({') ? code.slice(1, -1) : code
}

function builderOf<K extends KeySpec, A extends ArgSpec>(spec: ScriptSpec<K, A>, writer: Writer): Builder<K, A>
function builderOf(spec: ScriptSpec, writer: Writer): object {
  const keys = Object.entries(spec.keys).map(([name, kind]) => [
    name,
    handleOf(writer, `keys[${JSON.stringify(name)}]`, kind),
  ])
  const args = Object.keys(spec.args ?? {}).map((name) => [name, new Value(`args[${JSON.stringify(name)}]`)])
  const calls = ENV_NAMES.map((name) => [
    name,
    (...given: unknown[]) => callOf(writer, `env.${name}`, given, name === 'fail' || name === 'log'),
  ])
  const block = (head: string, body: () => void) => {
    writer.open(`${head} {`)
    body()
    writer.open('}')
  }
  return {
    ...Object.fromEntries(calls),
    keys: Object.fromEntries(keys),
    args: Object.fromEntries(args),
    variable: (value: unknown) => {
      const name = writer.fresh()
      writer.write(`let ${name} = ${codeOf(value)}`)
      return new Variable(name, (line) => writer.write(line))
    },
    text: (...parts: unknown[]) => new Value(`\`${parts.map((part) => `\${${codeOf(part)}}`).join('')}\``),
    if: (test: unknown, yes: () => void, no?: () => void) => {
      block(`if (${codeOf(test)})`, yes)
      if (no !== undefined) block('else', no)
    },
    while: (test: () => unknown, body: () => void) =>
      block('while (true)', () => {
        writer.write(`if (!(${codeOf(test())})) break`)
        body()
      }),
    forEach: (array: unknown, body: (item: Value<unknown>, index: Value<number>) => void) => {
      const [item, index] = [writer.fresh(), writer.fresh()]
      block(`for (const [${index}, ${item}] of ${codeOf(array)}.entries())`, () =>
        body(new Value(item), new Value(index)),
      )
    },
    break: () => writer.write('break'),
    continue: () => writer.write('continue'),
    return: (value: unknown) => writer.write(value === undefined ? 'return' : `return ${codeOf(value)}`),
  }
}

function callOf(
  writer: Writer,
  callee: string,
  args: readonly unknown[],
  isStatement: boolean,
): Value<unknown> | undefined {
  const code = `${callee}(${args.map(argumentCode).join(', ')})`
  if (!isStatement) return new Value(writer.bind(code))
  writer.write(code)
  return undefined
}

function handleOf(writer: Writer, code: string, kind: KeyKind): object {
  const methods = Object.keys(METHODS[kind]).map((name) => {
    return [name, (...args: unknown[]) => callOf(writer, `${code}.${name}`, args, false)]
  })
  const child = (childKind: KeyKind, ...parts: unknown[]) => {
    const name = writer.bind(`${code}.child(${[childKind, ...parts].map(codeOf).join(', ')})`)
    return handleOf(writer, name, childKind)
  }
  return { ...Object.fromEntries(methods), child, name: new Value(`${code}.name`) }
}
