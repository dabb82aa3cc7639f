/**
 * Random scripts: statements around random expressions.
 *
 * The one idea: a script is written as text, as a user would write it; its variables are typed by their declarations. Loops
 * end by themselves, for each counts.
 */
import type { Random } from '../../../src/base/random.ts'
import { Expressions, type Kind } from './expressions.ts'

const KINDS: readonly Kind[] = ['num', 'text', 'ascii', 'bool', 'nums', 'texts', 'rec', 'obj']
const DEPTH = 3

class Writer {
  readonly #say: Expressions
  readonly #lines: string[] = []
  #names = 0
  #indent = 1
  #loops = 0

  constructor(random: Random) {
    this.#say = new Expressions(random)
  }

  script(): string {
    const say = this.#say
    this.#block(2 + say.below(4))
    this.#common()
    this.#block(2 + say.below(4))
    this.#common()
    const parts = KINDS.map((kind) => say.variable(kind)).filter((name) => name !== undefined)
    this.#line(`return { n: ${say.num(DEPTH)}, s: ${say.text(DEPTH)}, v: { ${parts.join(', ')} } }`)
    return `(keys, args, env) => {\n${this.#lines.join('\n')}\n}`
  }

  /** What every kind of handle has, so that each kind is tried with each. */
  #common(): void {
    const say = this.#say
    const name = this.#name()
    this.#line(`let ${name} = (keys.${say.key()}.ttl() ?? -2) > 0`)
    this.#line(`${name} = keys.${say.key()}.${say.one(['exists()', 'persist()', 'expire(1e6)', 'exists()', 'persist()'])}`)
    this.#line(`${name} = keys.${say.key()}.type() === ${say.one(['null', '"hash"', '"list"', '"string"'])}`)
    if (say.chance(0.4)) this.#line(`keys.${say.key()}.delete()`)
    if (say.chance(0.2)) this.#line(`${name} = keys.z.add(${say.scalar(1)}, ${say.one(['0', '1.5', '-2', 'args.i'])})`)
    const option = say.one(['keepTtl', 'ifMissing', 'ifExists'])
    if (say.chance(0.1)) this.#line(`${name} = keys.s2.set(${say.scalar(1)}, { ${option}: true })`)
    if (say.chance(0.2)) this.#line(`args.o.a ${say.one(['-=', '*=', '/=', '%='])} ${say.num(1)}`)
    say.scope.push({ name, kind: 'bool', writable: true })
  }

  #line(text: string): void {
    const ending = /[{}:]$/.test(text) && !/^(const|let|v\d+ [+*/%-]?=|return|if|delete)/.test(text) ? '' : ';'
    this.#lines.push(`${'  '.repeat(this.#indent)}${text}${/\{$/.test(text) ? '' : ending}`)
  }

  #name(): string {
    return `v${this.#names++}`
  }

  #block(count: number): void {
    const { scope } = this.#say
    const outer = scope.length
    this.#statements(count)
    if (this.#indent > 1) scope.length = outer
  }

  #statements(count: number): void {
    for (let i = 0; i < count; i++) this.#statement()
  }

  /** A body in braces, with whatever the head declares. */
  #inside(head: string, body: () => void, tail = '}'): void {
    const { scope } = this.#say
    const outer = scope.length
    this.#line(`${head} {`)
    this.#indent++
    body()
    this.#indent--
    this.#line(tail)
    scope.length = outer
  }

  #statement(): void {
    const say = this.#say
    const isDeep = this.#indent > 3
    const nested = [
      () => this.#branch(),
      () => this.#counted(),
      () => this.#forOf(),
      () => this.#whiles(),
      () => this.#plainSwitch(),
      () => this.#inside('', () => this.#statements(2)),
      () => this.#maybe(),
      () => this.#whatever(),
      () => this.#forEach(),
    ]
    const flat = [
      () => this.#declare(),
      () => this.#declare(),
      () => this.#declare(),
      () => this.#assign(),
      () => this.#assign(),
      () => this.#update(),
      () => this.#elements(),
      () => this.#fields(),
      () => this.#store(),
      () => this.#store(),
      () => this.#destructure(),
      () => this.#innerFunction(),
    ]
    say.one(isDeep || say.chance(0.65) ? flat : nested)()
  }

  #declare(): void {
    const say = this.#say
    const kind = say.one(KINDS)
    const writable = say.chance(0.6)
    const value = say.of(kind, DEPTH)
    const name = this.#name()
    this.#line(`${writable ? 'let' : 'const'} ${name} = ${value}`)
    say.scope.push({ name, kind, writable })
  }

  #assign(): void {
    const kind = this.#say.one(KINDS)
    const name = this.#say.variable(kind, true)
    if (name === undefined) this.#declare()
    else this.#line(`${name} = ${this.#say.of(kind, DEPTH)}${kind === 'nums' || kind === 'texts' ? '.slice(0, 9)' : ''}`)
  }

  #update(): void {
    const say = this.#say
    const [number, text] = [say.variable('num', true), say.variable('text', true)]
    const object = say.variable('obj')
    if (number !== undefined && say.chance(0.4)) {
      this.#line(say.one([`${number}++`, `--${number}`, `${number} ${say.one(['+=', '*=', '/=', '%='])} ${say.num(2)}`]))
    } else if (text !== undefined && say.chance(0.5)) this.#line(`${text} += ${say.text(2)}`)
    else if (object !== undefined) this.#line(say.one([`${object}.a += ${say.num(2)}`, `${object}.b = ${say.text(2)}`, `${object}.a++`]))
    else this.#declare()
  }

  #elements(): void {
    const say = this.#say
    const name = say.variable('nums')
    if (name === undefined) return this.#declare()
    this.#line(
      say.one([
        `${name}.push(${say.num(2)})`,
        `${name}[${name}.length] = ${say.num(0)}`,
        `if (${name}.length > 1) ${name}[1] = ${say.num(0)}`,
        `if (${name}.length > 0) ${name}[0] = (${name}[0] ?? 0) + ${say.num(0)}`,
        `${name}.reverse()`,
        `${name}.unshift(${say.num(1)}, ${say.num(1)})`,
        `${name}.pop()`,
      ]),
    )
  }

  #fields(): void {
    const say = this.#say
    const name = say.variable('rec')
    if (name === undefined) return this.#declare()
    this.#line(
      say.one([
        `${name}[${say.field(2)}] = ${say.num(2)}`,
        `${name}.f = ${say.num(2)}`,
        `delete ${name}[${say.field(1)}]`,
        `${name}.g = (${name}.g ?? 0) + 1`,
      ]),
    )
  }

  #store(): void {
    const say = this.#say
    const id = `\`${say.one(['1', '2', '3', '50'])}-${say.one(['1', '2'])}\``
    this.#line(
      say.one([
        () => say.numberFromStore(2),
        () => say.boolFromStore(2),
        () => say.textFromStore(2),
        () => `if (keys.l.length() > 1) keys.l.setAt(${say.one(['0', '-1', '1'])}, ${say.scalar(2)})`,
        () => `keys.x.add({ f: ${say.scalar(1)} }, { id: ${id}${say.chance(0.4) ? ', maxLength: 2' : ''} })`,
        () => `keys.y.add({ f: ${say.scalar(1)} })`,
        () => `env.log(${say.one(['"debug"', '"verbose"', '"notice"', '"warning"'])}, ${say.text(1)})`,
        () => `if (${say.bool(1)} && ${say.bool(1)}) env.fail("E_${this.#names}", ${say.text(1)})`,
        () => `keys.any.child("string", "sub", ${say.one(['1', '"a"'])}).set(${say.scalar(2)})`,
        () => `keys.any.child("hash", "c", 2).set("f", ${say.scalar(1)})`,
        () => `keys.any.child("set", "m", 1).add(${say.scalar(1)})`,
        () => `env.call("SETRANGE", keys.s2.name, 2, ${say.text(1)})`,
      ])(),
    )
  }

  #branch(): void {
    const say = this.#say
    this.#inside(`if (${say.bool(DEPTH)})`, () => this.#statements(1 + say.below(2)), '} else {')
    this.#lines.pop()
    if (say.chance(0.5)) this.#line('}')
    else this.#inside('} else', () => this.#statements(1))
  }

  #counted(): void {
    const name = this.#name()
    const limit = this.#say.one(['2', '3', '5'])
    this.#loop(`for (let ${name} = 0; ${name} < ${limit}; ${name}++)`, name)
  }

  #loop(head: string, counter: string | undefined, kind: Kind = 'num'): void {
    const say = this.#say
    this.#loops++
    this.#inside(head, () => {
      if (counter !== undefined) say.scope.push({ name: counter, kind, writable: false })
      this.#statements(1 + say.below(2))
      if (say.chance(0.5)) this.#line(`if (${say.bool(2)}) ${say.one(['continue', 'break', 'continue'])}`)
      if (say.chance(0.1)) this.#line(`if (${say.bool(2)}) return { n: 0, s: "early", v: {} }`)
      this.#statements(1)
    })
    this.#loops--
  }

  #forOf(): void {
    const say = this.#say
    const name = this.#name()
    const isNumbers = say.chance(0.5)
    // A copy: the body may push to what it walks over.
    const items = isNumbers ? `[...${say.nums(2)}].slice(0, 5)` : `${say.texts(2)}.slice(0, 5)`
    const index = this.#name()
    if (say.chance(0.3)) this.#loop(`for (const [${index}, ${name}] of ${items}.entries())`, name, isNumbers ? 'num' : 'text')
    else this.#loop(`for (const ${name} of ${items})`, name, isNumbers ? 'num' : 'text')
  }

  #whiles(): void {
    const say = this.#say
    const name = this.#name()
    const bound = this.#name()
    this.#line(`let ${bound} = 0`)
    if (say.chance(0.5)) this.#loop(`while (${bound}++ < 3 && ${say.bool(2)})`, undefined)
    else {
      this.#loops++
      this.#inside('do', () => this.#statements(1 + say.below(2)), `} while (++${bound} < 3 && ${say.bool(2)})`)
      this.#loops--
    }
    this.#line(`const ${name} = ${bound}`)
    say.scope.push({ name, kind: 'num', writable: false })
  }

  #plainSwitch(): void {
    const say = this.#say
    const isText = say.chance(0.5)
    const cases = isText ? ['"a"', '"f"', '"12"'] : ['0', '1', '2.5']
    this.#inside(`switch (${isText ? say.text(2) : say.num(2)})`, () => {
      for (const value of cases) {
        this.#inside(`case ${value}:`, () => {
          this.#statements(1)
          this.#line('break')
        })
      }
      if (say.chance(0.7)) this.#inside('default:', () => this.#statements(1))
    })
  }

  /** A value that may be null, looked at. */
  #maybe(): void {
    const say = this.#say
    const name = this.#name()
    this.#line(`const ${name} = ${say.one(['keys.s.get()', 'keys.h.get("f")', 'keys.l.popLeft()', 'args.maybe'])}`)
    this.#inside(`if (${name} !== null)`, () => {
      say.scope.push({ name, kind: 'text', writable: false })
      this.#statements(2)
    })
  }

  /** A JSON value of unknown kind, asked what it is. */
  #whatever(): void {
    const say = this.#say
    const name = this.#name()
    const value = say.one(['env.parseJson(env.toJson(args.o.b))', 'env.call("GET", keys.s.name)', 'env.parseJson("[1]")', 'env.parseJson("2.5")'])
    this.#line(`const ${name} = ${value}`)
    const kind = say.one(['num', 'text', 'bool'] as const)
    this.#inside(`if (typeof ${name} === "${{ num: 'number', text: 'string', bool: 'boolean' }[kind]}")`, () => {
      say.scope.push({ name, kind, writable: false })
      this.#statements(2)
    })
  }

  #forEach(): void {
    const say = this.#say
    const name = this.#name()
    this.#line(`let ${name} = ${say.num(1)}`)
    this.#line(`${say.nums(2)}.forEach((e, i) => { ${name} += e - i })`)
    say.scope.push({ name, kind: 'num', writable: true })
  }

  #destructure(): void {
    const say = this.#say
    const [a, b] = [this.#name(), this.#name()]
    if (say.chance(0.5)) {
      this.#line(`const { a: ${a}, b: ${b} } = ${say.obj(2)}`)
      say.scope.push({ name: a, kind: 'num', writable: false }, { name: b, kind: 'text', writable: false })
    } else {
      this.#line(`const [${a}, ${b}] = [${say.num(2)}, ${say.text(2)}]`)
      say.scope.push({ name: a, kind: 'num', writable: false }, { name: b, kind: 'text', writable: false })
    }
  }

  #innerFunction(): void {
    const say = this.#say
    const [fn, p, q, made] = [this.#name(), this.#name(), this.#name(), this.#name()]
    const before = say.scope.length
    say.scope.push({ name: p, kind: 'num', writable: true }, { name: q, kind: 'text', writable: true })
    const body = `${p} > 1 ? ${say.text(2)} : \`\${${p}}\${${q}}\``
    say.scope.length = before
    const [n, s] = [say.num(2), say.text(2)]
    if (say.chance(0.5)) this.#line(`const ${fn} = (${p}, ${q}) => (${body})`)
    else this.#line(`function ${fn}(${p}, ${q}) { if (${p} === 0) return ${q}; return ${body} }`)
    this.#line(`const ${made} = ${fn}(${n}, ${s})`)
    say.scope.push({ name: made, kind: 'text', writable: false })
  }
}

/** The text of a random script's function. */
export function randomScript(random: Random): string {
  return new Writer(random).script()
}
