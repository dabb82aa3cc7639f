/**
 * Random expressions of scripts, by type: what is written always compiles, and means the same on every store.
 *
 * The one idea: each type has a table of forms; a form asks for expressions of the types that it needs, one level less
 * deep. Orders that no store promises (members of a set, names of an object) are only counted or looked up, never listed.
 */
import type { Random } from '../../../src/base/random.ts'

/** The types of generated variables. */
export type Kind = 'num' | 'text' | 'ascii' | 'bool' | 'nums' | 'texts' | 'rec' | 'obj'

export interface Variable {
  readonly name: string
  readonly kind: Kind
  readonly writable: boolean
}

type Form = () => string

const NUMBERS = ['0', '1', '2', '3', '7', '10', '0.5', '-1.5', '-3', '100', '1e15', '1e21', '1e-7', '0.1', '123456789', '9007199254740991', '-0', '1e300']
const TEXTS = ['""', '"a"', '"ü"', '"日本 😀"', '"a.b"', '"%d%"', '"\\\\"', '"]]"', '"\\n\\0\\t"', "'\"'", '"12"', '"1e3"', '"-0"', '"x y"', '`t`']
const ASCII = ['""', '"a"', '"abc"', '"a.b.c"', '"%a(b"', '"Aa-Zz"', '"  x "', '"12"', '"aXbXc"', '"[^]"']
const FIELDS = ['"f"', '"g"', '"a"', '"b"', '"long field"', '"ü"']

export class Expressions {
  readonly random: Random
  readonly scope: Variable[] = []

  constructor(random: Random) {
    this.random = random
  }

  below(limit: number): number {
    return this.random.below(limit)
  }

  one<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }

  chance(part: number): boolean {
    return this.random.below(1000) < part * 1000
  }

  /** A name of a variable of this type, if there is one. */
  variable(kind: Kind, writable = false): string | undefined {
    const fit = this.scope.filter((known) => known.kind === kind && (!writable || known.writable))
    return fit.length === 0 ? undefined : this.one(fit).name
  }

  of(kind: Kind, depth: number): string {
    switch (kind) {
      case 'num':
        return this.num(depth)
      case 'text':
        return this.text(depth)
      case 'ascii':
        return this.ascii(depth)
      case 'bool':
        return this.bool(depth)
      case 'nums':
        return this.nums(depth)
      case 'texts':
        return this.texts(depth)
      case 'rec':
        return this.rec(depth)
      case 'obj':
        return this.obj(depth)
    }
  }

  #choose(kind: Kind, depth: number, leaves: readonly string[], forms: readonly Form[]): string {
    const name = this.variable(kind)
    if (depth <= 0 || this.chance(0.15)) return name !== undefined && this.chance(0.7) ? name : this.one(leaves)
    if (name !== undefined && this.chance(0.2)) return name
    return this.one(forms)()
  }

  num(depth: number): string {
    const [n, d] = [() => this.num(depth - 1), depth - 1]
    return this.#choose('num', depth, [...NUMBERS, 'args.n', 'args.m'], [
      () => `(${n()} ${this.one(['+', '-', '*'])} ${n()})`,
      () => `(${n()} ${this.one(['/', '%'])} ${n()})`,
      () => `(- ${n()})`,
      () => `Math.${this.one(['floor', 'ceil', 'trunc', 'round', 'abs', 'sign'])}(${n()})`,
      () => `Math.sqrt(Math.abs(${n()}))`,
      () => `Math.${this.one(['min', 'max'])}(${n()}, ${n()}, ${n()})`,
      () => `Math.${this.one(['min', 'max'])}(...${this.nums(d)}, ${n()})`,
      () => `(${this.bool(d)} ? ${n()} : ${n()})`,
      () => `${this.array(d)}.length`,
      () => `${this.ascii(d)}.length`,
      () => `${this.ascii(d)}.indexOf(${this.ascii(d)}${this.chance(0.4) ? `, ${this.small()}` : ''})`,
      () => `${this.nums(d)}.indexOf(${n()})`,
      () => `(${this.nums(d)}[${this.index(d)}] ?? ${n()})`,
      () => `(${this.nums(d)}.at(${this.small()}) ?? ${n()})`,
      () => `(${this.nums(d)}.pop() ?? ${n()})`,
      () => `(${this.nums(d)}.shift() ?? ${n()})`,
      () => `(${this.nums(d)}.find((e, i) => e > i) ?? ${n()})`,
      () => `${this.texts(d)}.findIndex((e) => e === ${this.text(d)})`,
      () => `${this.nums(d)}.push(${n()}, ${n()})`,
      () => `${this.nums(d)}.push(...${this.nums(d)}.slice(0, 3))`,
      () => `${this.texts(d)}.unshift(${this.text(d)})`,
      () => `Object.keys(${this.rec(d)}).length`,
      () => `Object.values(${this.rec(d)}).length`,
      () => `Object.entries(${this.rec(d)}).filter(([name, held]) => name === "f" || (held ?? 0) > 1).length`,
      () => `(${this.rec(d)}[${this.field(d)}] ?? ${n()})`,
      () => `(${this.rec(d)}.f ?? 0)`,
      () => `${this.obj(d)}.a`,
      () => `(env.toNumber(${this.text(d)}) ?? ${n()})`,
      () => this.numberFromStore(d),
      () => `env.parseJson(env.toJson({ a: ${this.finite(d)}, b: ${this.text(d)} }), shape).a`,
    ])
  }

  /** A number that is finite whatever its parts are. */
  finite(depth: number): string {
    return depth <= 0 ? this.one(NUMBERS) : `Math.min(1e6, Math.max(-1e6, ${this.one(['args.n', 'args.m', this.one(NUMBERS)])}))`
  }

  small(): string {
    return this.one(['0', '1', '2', '3', '-1', '-2', '5', '100', '-100', '1.5', 'args.i'])
  }

  index(depth: number): string {
    return this.one([this.small(), `(${this.small()} + 1)`, ...(depth > 0 ? [`${this.array(depth - 1)}.length`] : [])])
  }

  field(depth: number): string {
    return depth > 0 && this.chance(0.3) ? this.text(depth - 1) : this.one(FIELDS)
  }

  array(depth: number): string {
    return this.chance(0.5) ? this.nums(depth) : this.texts(depth)
  }

  numberFromStore(depth: number): string {
    const n = () => this.num(Math.max(0, depth - 1))
    const x = () => this.scalar(Math.max(0, depth - 1))
    return this.one<Form>([
      () => `keys.s.incrBy(${this.one(['1', '0.5', '-3', 'args.n'])})`,
      () => `keys.s2.append(${x()})`,
      () => `keys.l.pushLeft(${x()}${this.chance(0.5) ? `, ${x()}` : ''})`,
      () => `keys.l.pushRight(${x()})`,
      () => `keys.l.pushRight(...${this.texts(depth - 1)})`,
      () => `keys.l.length()`,
      () => `keys.h.setAll({ f: ${x()}, g: ${x()} })`,
      () => `keys.h.setAll(${this.rec(depth - 1)})`,
      () => `keys.h.remove(${this.field(0)}, ${this.field(0)})`,
      () => `keys.h.incrBy("n", ${this.one(['1', '2.5', '-1'])})`,
      () => `keys.h.size()`,
      () => `keys.st.add(${x()}, ${x()})`,
      () => `keys.st.add(...${this.texts(depth - 1)})`,
      () => `keys.st.remove(${x()})`,
      () => `keys.st.size()`,
      () => `keys.z.remove(${x()})`,
      () => `keys.z.incrBy(${x()}, ${this.one(['1', '0.25', '-2'])})`,
      () => `(keys.z.score(${x()}) ?? ${n()})`,
      () => `keys.z.size()`,
      () => `keys.x.length()`,
      () => `keys.x.trim(${this.one(['0', '1', '2', '5'])})`,
      () => `keys.x.remove("1-1", ${this.one(['"2-1"', '"9-9"'])})`,
      () => `keys.x.range().length`,
      () => `keys.x.range("-", "+", 2).length`,
      () => `(keys.${this.key()}.ttl() ?? -2) > 0 ? 1 : 0`,
      () => `keys.l.range(0, -1).length`,
    ])().replace(/^(.* \? 1 : 0)$/, '($1)')
  }

  key(): string {
    return this.one(['s', 's2', 'l', 'h', 'st', 'z', 'x', 'any'])
  }

  /** What may be given to a command. */
  scalar(depth: number): string {
    return this.chance(0.3) ? this.num(depth) : this.text(depth)
  }

  text(depth: number): string {
    const d = depth - 1
    const s = () => this.text(d)
    return this.#choose('text', depth, [...TEXTS, 'args.t', 'args.a'], [
      () => `(${s()} + ${s()})`,
      () => `\`<\${${s()}}-\${${this.num(d)}}>\``,
      () => `\`\${${this.num(d)}}\``,
      () => `String(${this.num(d)})`,
      () => `(${this.bool(d)} ? ${s()} : ${s()})`,
      () => `${this.ascii(d)}`,
      () => `(${this.texts(d)}[${this.index(d)}] ?? ${s()})`,
      () => `(${this.texts(d)}.pop() ?? ${s()})`,
      () => `${this.texts(d)}.join(${this.one(['","', '""', '" - "', '"ü"'])})`,
      () => `${this.texts(d)}.concat(${this.texts(d)}).join("|")`,
      () => `${this.nums(d)}.map((e, i) => e + i).join()`,
      () => `${this.obj(d)}.b`,
      () => `env.toJson(${this.one<Form>([() => this.obj(d), () => this.texts(d), s])()})`,
      () => this.textFromStore(d),
    ])
  }

  textFromStore(depth: number): string {
    const s = () => this.text(Math.max(0, depth - 1))
    const x = () => this.scalar(Math.max(0, depth - 1))
    return this.one<Form>([
      () => `(keys.s.get() ?? ${s()})`,
      () => `(keys.s2.getSet(${x()}) ?? ${s()})`,
      () => `(keys.s2.getSet(${x()}, { ifMissing: true }) ?? ${s()})`,
      () => `(keys.l.popLeft() ?? ${s()})`,
      () => `(keys.l.popRight() ?? ${s()})`,
      () => `(keys.l.at(${this.one(['0', '1', '-1', '9'])}) ?? ${s()})`,
      () => `(keys.h.get(${this.field(depth)}) ?? ${s()})`,
      () => `(keys.h.getMany("f", "g").f ?? ${s()})`,
      () => `(keys.h.getAll().g ?? ${s()})`,
      () => `(keys.${this.key()}.type() ?? "none")`,
      () => `keys.${this.key()}.name`,
      () => `keys.any.child("string", "sub", ${this.one(['1', '"a"', 'args.n'])}).name`,
      () => `(keys.any.child("hash", "c", 2).get("f") ?? ${s()})`,
      () => `keys.x.range().map((e) => e.fields.f ?? e.id).join(" ")`,
      () => `keys.z.range(0, -1).join(",")`,
      () => `keys.z.popMax(2).map(([member, score]) => \`\${member}=\${score}\`).join()`,
      () => `keys.z.popMin().map((e) => e[0]).join()`,
      () => `keys.l.popManyLeft(2).join("+")`,
      () => `keys.l.popManyRight(${this.one(['1', '3'])}).join("+")`,
      () => `\`\${env.toJson(env.call("LPOS", keys.l.name, ${x()}))}\``,
    ])()
  }

  ascii(depth: number): string {
    const d = depth - 1
    const s = () => this.ascii(d)
    return this.#choose('ascii', depth, [...ASCII, 'args.a'], [
      () => `(${s()} + ${s()})`,
      () => `${s()}.slice(${this.small()}${this.chance(0.5) ? `, ${this.small()}` : ''})`,
      () => `${s()}.substring(${this.small()}${this.chance(0.5) ? `, ${this.small()}` : ''})`,
      () => `${s()}.toUpperCase()`,
      () => `${s()}.toLowerCase()`,
      () => `${s()}.trim()`,
      () => `${s()}.charAt(${this.small()})`,
      () => `(${s()}.at(${this.small()}) ?? ${s()})`,
      () => `${s()}.padStart(${this.one(['0', '3', '8'])}${this.chance(0.5) ? ', "ab"' : ''})`,
      () => `${s()}.padEnd(${this.one(['0', '3', '8'])}${this.chance(0.5) ? ', "."' : ''})`,
      () => `env.ascii(${this.one([s(), this.one(TEXTS)])})`,
    ])
  }

  bool(depth: number): string {
    const d = depth - 1
    const [n, s, b] = [() => this.num(d), () => this.text(d), () => this.bool(d)]
    return this.#choose('bool', depth, ['true', 'false', 'args.b'], [
      () => `(${n()} ${this.one(['<', '<=', '>', '>=', '===', '!=='])} ${n()})`,
      () => `(${s()} ${this.one(['===', '!=='])} ${s()})`,
      () => `(${b()} ${this.one(['&&', '||'])} ${b()})`,
      () => `!${b()}`,
      () => `(${b()} ? ${b()} : ${b()})`,
      () => `${s()}.${this.one(['includes', 'startsWith', 'endsWith'])}(${s()})`,
      () => `${this.nums(d)}.includes(${n()})`,
      () => `${this.nums(d)}.${this.one(['some', 'every'])}((e, i) => e ${this.one(['<', '>='])} i)`,
      () => `(${this.field(d)} in ${this.rec(d)})`,
      () => `Number.${this.one(['isInteger', 'isSafeInteger', 'isFinite', 'isNaN'])}(${n()})`,
      () => `Array.isArray(${this.one<Form>([() => this.nums(d), n])()})`,
      () => `(delete ${this.recordName()}[${this.field(d)}])`,
      () => `(keys.s.get() ${this.one(['===', '!=='])} null)`,
      () => `(env.nowMs() > 1e12)`,
      () => this.boolFromStore(d),
    ])
  }

  recordName(): string {
    return this.variable('rec') ?? '{ f: 1 }'
  }

  boolFromStore(depth: number): string {
    const x = () => this.scalar(Math.max(0, depth - 1))
    return this.one<Form>([
      () => `keys.${this.key()}.exists()`,
      () => `keys.${this.key()}.delete()`,
      () => `keys.${this.key()}.persist()`,
      () => `keys.${this.key()}.expire(1e6${this.chance(0.5) ? `, ${this.one(['"always"', '"ifPersistent"', '"ifExpiring"', '"ifLater"', '"ifEarlier"'])}` : ''})`,
      () => `keys.s.set(${x()})`,
      () => `keys.s2.set(${x()}, { ${this.one(['ifMissing: true', 'ifExists: true', 'keepTtl: true', 'ttl: 1e6', 'ifExists: true, ttl: 5e5'])} })`,
      () => `keys.h.set(${this.field(depth)}, ${x()})`,
      () => `keys.h.has(${this.field(depth)})`,
      () => `keys.st.has(${x()})`,
      () => `keys.z.add(${x()}, ${this.one(['0', '1', '2.5', '-1'])})`,
      () => `keys.h.fields().includes("f")`,
      () => `keys.h.values().includes(${this.text(0)})`,
      () => `keys.st.members().includes(${this.text(0)})`,
      () => `keys.any.child("set", "m", 1).has(${x()})`,
    ])()
  }

  nums(depth: number): string {
    const d = depth - 1
    const n = () => this.num(d)
    return this.#choose('nums', depth, ['[]', '[1, 2, 3]', '[0.5]', 'args.ns'], [
      () => `[${n()}, ${n()}]`,
      () => `[...${this.nums(d)}, ${n()}]`,
      () => `${this.nums(d)}.slice(${this.small()}${this.chance(0.5) ? `, ${this.small()}` : ''})`,
      () => `${this.nums(d)}.map((e, i) => e ${this.one(['+', '*', '-'])} ${this.one(['i', n()])})`,
      () => `${this.nums(d)}.filter((e) => e ${this.one(['>', '<='])} ${n()})`,
      () => `${this.nums(d)}.concat(${this.nums(d)}, [${n()}])`,
      () => `[...${this.nums(d)}].reverse()`,
      () => `${this.texts(d)}.map((e) => env.toNumber(e) ?? -1)`,
    ])
  }

  texts(depth: number): string {
    const d = depth - 1
    const s = () => this.text(d)
    return this.#choose('texts', depth, ['[""].slice(1)', '["a", "b"]', 'args.ts'], [
      () => `[${s()}, ${s()}]`,
      () => `[...${this.texts(d)}, ${s()}]`,
      () => `${s()}.split(${this.one(['","', '"."', '"X"', '"%"', '" - "'])})`,
      () => `${this.texts(d)}.filter((e) => e !== ${s()})`,
      () => `${this.nums(d)}.map((e) => \`\${e}\`)`,
      () => `keys.l.range(${this.one(['0', '1', '-2', '-100'])}, ${this.one(['-1', '0', '1', '100'])})`,
      () => `keys.z.range(0, ${this.one(['-1', '1'])})`,
    ])
  }

  rec(depth: number): string {
    const d = depth - 1
    return this.#choose('rec', depth, ['{ f: 1, g: 2 }', '{ a: 0.5 }', 'args.r'], [
      () => `{ f: ${this.num(d)}, [${this.text(d)}]: ${this.num(d)} }`,
      () => `{ ...${this.rec(d)}, b: ${this.num(d)} }`,
      () => `{ ...${this.rec(d)}, ...${this.rec(d)} }`,
    ]).replace(/^(\{.*\})$/s, '($1)')
  }

  obj(depth: number): string {
    const d = Math.max(0, depth - 1)
    const name = this.variable('obj')
    if (name !== undefined && this.chance(0.5)) return name
    return this.chance(0.2) ? 'args.o' : `({ a: ${this.num(d)}, b: ${this.text(d)} })`
  }
}
