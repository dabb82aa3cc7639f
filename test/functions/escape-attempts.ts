/**
 * Attempts to get out of a sandbox: bodies of an async function that has `c` (a section's client), `redis`, `reach`,
 * `isHost` and `leaks`, and says true when it is out.
 */

export interface Attempt {
  readonly name: string
  readonly body: string
}

const attempt = (name: string, body: string): Attempt => ({ name, body })

/** Through the constructors of whatever is handed in. */
const CONSTRUCTORS: readonly Attempt[] = [
  attempt('the constructor of this', 'return reach(globalThis.constructor.constructor)'),
  attempt('the constructor of the client', 'return reach(c.constructor.constructor)'),
  attempt('the constructor of a method of the client', 'return reach(c.call.constructor)'),
  attempt('the constructor of redis', 'return reach(redis.constructor.constructor)'),
  attempt('the constructor of a function of redis', 'return reach(redis.registerFunction.constructor)'),
  attempt('the constructor of log', 'return reach(redis.log.constructor)'),
  attempt('the constructor of the flags', 'return reach(redis.functionFlags.constructor.constructor)'),
  attempt('the constructor of config', 'return reach(redis.config.constructor.constructor)'),
  attempt('the constructor of v8Version', 'return reach(redis.v8Version.constructor)'),
  attempt(
    'the prototype chain of the client',
    'let o = c, out = false; while (o) { out ||= reach(o.constructor.constructor); o = Object.getPrototypeOf(o) } return out',
  ),
  attempt(
    'the constructor of a list',
    "return reach(c.call('command', 'getkeys', 'get', 'k').constructor.constructor)",
  ),
  attempt(
    'the constructor of a set',
    "c.call('sadd', 's', 1); return reach(c.call('smembers', 's').constructor.constructor)",
  ),
  attempt(
    'the constructor of a map',
    "c.call('hset', 'h', 'f', 1); return reach(c.call('hgetall', 'h').constructor.constructor)",
  ),
  attempt('the constructor of a buffer', "return reach(c.callRaw('get', 'mine').constructor.constructor)"),
  attempt('the constructor of a promise', "return reach(c.callAsync('ping').constructor.constructor)"),
  attempt('the constructor of executeAsync', 'return reach(c.executeAsync.constructor)'),
  attempt(
    'the constructor of the async client',
    'return c.executeAsync(async (a) => reach(a.constructor.constructor) || reach(a.block.constructor))',
  ),
  attempt(
    'the client of a section',
    'return c.executeAsync(async (a) => a.block((b) => reach(b.constructor.constructor)))',
  ),
  attempt(
    'generator functions',
    'return reach(Object.getPrototypeOf(function* () {}).constructor) || reach(Object.getPrototypeOf(async function* () {}).constructor)',
  ),
  attempt('async functions', "return isHost(await Object.getPrototypeOf(async () => {}).constructor('return this')())"),
  attempt('console', 'return reach(console.log.constructor)'),
]

/** Through errors that the host makes. */
const ERRORS: readonly Attempt[] = [
  attempt(
    'the error of a command',
    "c.call('hset', 'h', 'f', 1); try { c.call('incr', 'h') } catch (e) { return reach(e.constructor.constructor) }",
  ),
  attempt(
    'the error of a symbol as a word',
    "try { c.call('get', Symbol()) } catch (e) { return reach(e.constructor.constructor) }",
  ),
  attempt(
    'the error of a proxy as a word',
    "try { c.call('get', new Proxy({}, {})) } catch (e) { return reach(e.constructor.constructor) }",
  ),
  attempt(
    'the end of the stack in the host',
    "const deep = () => { try { deep() } catch (e) { try { c.call('get', 'k') } catch (f) { if (reach(f.constructor.constructor)) globalThis.out = true } throw e } }; try { deep() } catch (e) { return globalThis.out === true || reach(e.constructor.constructor) }",
  ),
  attempt(
    'a rejected promise',
    "try { await c.callAsync('incr') } catch (e) { return reach(e.constructor.constructor) }",
  ),
  attempt(
    'the error of import()',
    "try { await import('node:fs') } catch (e) { return reach(e.constructor.constructor) } return true",
  ),
  attempt(
    'the error of bad options',
    "try { redis.registerFunction('g', () => 1, new Proxy({}, { ownKeys() { throw new Error() } })) } catch (e) { return reach(e.constructor.constructor) }",
  ),
  attempt(
    'an error whose name is a proxy',
    "const e = new Error(); let out = false; e.name = { toString: new Proxy(() => '', { apply(_t, _s, args) { out ||= reach(args.constructor.constructor); return '' } }) }; try { e.stack; throw e } catch (f) { String(f) } return out",
  ),
  attempt(
    'a thrown proxy that asks for its prototype',
    'const e = new Proxy({}, { getPrototypeOf() { (function stack() { new Error().stack; stack() })() } }); try { throw e } catch (f) { try { return reach(f.constructor.constructor) } catch (g) { return reach(g.constructor.constructor) } }',
  ),
  attempt(
    'prepareStackTrace: receivers',
    "let out = false; Error.prepareStackTrace = (_e, sites) => { for (const s of sites) { const it = s.getThis && s.getThis(); if (isHost(it) || (it && reach(it.constructor.constructor))) out = true } return '' }; const get = { toString() { new Error().stack; return 'mine' } }; try { c.call('get', get) } catch {} try { new Error().stack } catch {} return out",
  ),
  attempt(
    'prepareStackTrace: functions',
    "let out = false; Error.prepareStackTrace = (_e, sites) => { for (const s of sites) { const f = s.getFunction && s.getFunction(); if (f && reach(f.constructor)) out = true } return '' }; new Error().stack; return out",
  ),
  attempt(
    'prepareStackTrace: the array of sites',
    "let out = false; Error.prepareStackTrace = (_e, sites) => { out = reach(sites.constructor.constructor); return '' }; new Error().stack; return out",
  ),
  attempt(
    'what a stack tells of the host',
    "const stacks = []; const get = { [Symbol.toPrimitive]() { stacks.push(new Error().stack); return 'k' } }; try { c.call(new Proxy(new String('get'), {}), get) } catch {} Error.captureStackTrace(get); return leaks(new Error().stack) || stacks.some(leaks)",
  ),
]

/** Through what the host calls back. */
const CALLED_BACK: readonly Attempt[] = [
  attempt(
    'the caller of a function',
    'function f() { return f.caller } const g = f(); return g ? reach(g.constructor) : false',
  ),
  attempt(
    'arguments.callee.caller',
    'const f = function () { return arguments.callee.caller }; const g = f(); return g ? reach(g.constructor) : false',
  ),
  attempt('a thenable', 'return await { then(resolve) { resolve(reach(resolve.constructor)) } }'),
  attempt(
    'a thenable that executeAsync resolves to',
    'return c.executeAsync(async () => ({ then(resolve) { resolve(reach(resolve.constructor)) } }))',
  ),
  attempt(
    'a getter of a result',
    "let out = false; redis.log('x'); const it = { get a() { out = reach(arguments.constructor.constructor); return 1 } }; it.a; return out",
  ),
  attempt(
    'valueOf of a word',
    "let out = false; try { c.call('get', { valueOf() { out = reach(arguments.constructor.constructor) }, toString() { out ||= reach(arguments.constructor.constructor); return 'k' } }) } catch {} return out",
  ),
  attempt(
    'a String object that computes',
    "let out = false; const s = new String('get'); s.toString = function () { out = reach(arguments.constructor.constructor); return 'get' }; try { c.call(s, 'k') } catch {} return out",
  ),
  attempt(
    'iterators of arguments',
    "let out = false; const words = ['get', 'k']; words[Symbol.iterator] = function* () { out = reach(this.constructor.constructor); yield 'get'; yield 'k' }; c.call(...words); return out",
  ),
  attempt(
    'custom inspection of a rejection',
    "globalThis.out = false; Promise.reject({ [Symbol.for('nodejs.util.inspect.custom')]: (_d, _o, inspect) => { globalThis.out = reach(inspect.constructor) } }); await null; return globalThis.out",
  ),
  attempt(
    'toJSON of an argument of a cluster function',
    "let out = false; await c.executeAsync(async (a) => { try { await a.runOnKey('k', 'none', { toJSON() { out = reach(arguments.constructor.constructor) } }) } catch {} }); return out",
  ),
]

/** Through builtins that the runtime uses. */
const POISON: readonly Attempt[] = [
  attempt(
    'Function.prototype.call',
    "let out = false; const { call } = Function.prototype; Function.prototype.call = function (...a) { out ||= reach(this.constructor); return Reflect.apply(this, a[0], a.slice(1)) }; try { c.call('get', 'k') } catch {} Function.prototype.call = call; return out",
  ),
  attempt(
    'Function.prototype.apply',
    "let out = false; Function.prototype.apply = function () { out ||= reach(this.constructor) }; try { c.call('get', 'k') } catch {} return out",
  ),
  attempt(
    'iteration of arrays',
    "let out = false; const own = Array.prototype[Symbol.iterator]; Array.prototype[Symbol.iterator] = function () { out ||= reach(this.constructor.constructor); return own.call(this) }; try { c.call('get', 'k') } catch {} return out",
  ),
  attempt(
    'map and push of arrays',
    "let out = false; for (const n of ['map', 'push', 'slice', 'join', 'flatMap']) { const own = Array.prototype[n]; Array.prototype[n] = function (...a) { out ||= reach(this.constructor.constructor); return own.apply(this, a) } } try { c.call('lrange', 'l', 0, -1); c.callAsync('ping') } catch {} return out",
  ),
  attempt(
    'setters of array elements',
    "let out = false; Object.defineProperty(Array.prototype, '0', { set() { out ||= reach(this.constructor.constructor) }, configurable: true }); try { c.call('command', 'getkeys', 'get', 'k') } catch {} return out",
  ),
  attempt(
    'then of promises',
    "let out = false; const { then } = Promise.prototype; Promise.prototype.then = function (a, b) { out ||= reach(this.constructor.constructor) || (a && reach(a.constructor)); return then.call(this, a, b) }; try { await c.callAsync('ping') } catch {} return out",
  ),
  attempt(
    'the species of promises',
    "let out = false; const p = c.callAsync('ping'); p.constructor = { [Symbol.species]: function (run) { out = reach(run.constructor); return new Promise(run) } }; try { await p.then(() => 1) } catch {} return out",
  ),
  attempt(
    'add of sets and set of maps',
    "let out = false; for (const [P, n] of [[Set.prototype, 'add'], [Map.prototype, 'set'], [Map.prototype, 'get']]) { const own = P[n]; P[n] = function (...a) { out ||= reach(this.constructor.constructor) || a.some((x) => x && reach(x.constructor.constructor)); return own.apply(this, a) } } try { c.call('sadd', 's', 1); c.call('smembers', 's'); await c.callAsync('ping') } catch {} return out",
  ),
  attempt(
    'methods of strings',
    "let out = false; for (const n of ['charCodeAt', 'slice', 'replace', 'includes']) { const own = String.prototype[n]; String.prototype[n] = function (...a) { out ||= a.some((x) => x && reach(x.constructor.constructor)); return own.apply(this, a) } } try { c.call('get', 'mine') } catch {} return out",
  ),
  attempt(
    'exec of regular expressions',
    "let out = false; const { exec } = RegExp.prototype; RegExp.prototype.exec = function (x) { out ||= reach(this.constructor.constructor); return exec.call(this, x) }; try { c.call('get', 'mine') } catch {} return out",
  ),
  attempt(
    'the prototype of objects',
    "Object.prototype.polluted = 1; Object.prototype.then = function (r) { globalThis.out = reach(r.constructor) }; Object.prototype.get = () => 1; try { c.call('command', 'getkeys', 'get', 'k'); c.callAsync('ping').catch(() => {}) } catch {} delete Object.prototype.then; return globalThis.out === true",
  ),
  attempt(
    'JSON',
    "let out = false; const own = JSON.parse; JSON.parse = function (...a) { out ||= reach(arguments.constructor.constructor); return own(...a) }; redis.log('x'); return out",
  ),
]

/** Through names that should not be there, and through the machinery of isolates. */
const NAMES: readonly Attempt[] = [
  attempt(
    'names of Node',
    "return [typeof process, typeof require, typeof module, typeof Buffer, typeof setTimeout, typeof fetch, typeof global].some((kind) => kind !== 'undefined')",
  ),
  attempt(
    'import() of a built-in module',
    "return typeof (await import('node:child_process')).execSync === 'function'",
  ),
  attempt(
    'import() in new code',
    "return typeof (await new Function(\"return import('node:fs')\")()).readFileSync === 'function'",
  ),
  attempt(
    'shared memory and WebAssembly',
    "return typeof SharedArrayBuffer !== 'undefined' || typeof Atomics !== 'undefined' || typeof WebAssembly !== 'undefined'",
  ),
  attempt(
    'shared memory of what is there',
    "const seen = new Set(); const walk = (it) => { if ((typeof it !== 'object' && typeof it !== 'function') || it === null || seen.has(it)) return false; seen.add(it); if (Object.prototype.toString.call(it) === '[object SharedArrayBuffer]') return true; return Reflect.ownKeys(it).some((k) => { try { return walk(it[k]) } catch { return false } }) || walk(Object.getPrototypeOf(it)) }; return walk(globalThis) || walk(c) || walk(redis)",
  ),
  attempt(
    'references of isolated-vm',
    "const seen = new Set(); const walk = (it) => { if ((typeof it !== 'object' && typeof it !== 'function') || it === null || seen.has(it)) return false; seen.add(it); return Reflect.ownKeys(it).some((k) => { if (k === 'applySyncPromise' || k === 'copyInto') return true; try { return walk(it[k]) } catch { return false } }) || walk(Object.getPrototypeOf(it)) }; return walk(globalThis) || walk(c) || walk(redis) || walk(c.callAsync('ping'))",
  ),
  attempt(
    'a reference by iteration of its arguments',
    "let out = false; const own = Array.prototype[Symbol.iterator]; Array.prototype[Symbol.iterator] = function () { for (let i = 0; i < this.length; i++) if (this[i] && typeof this[i].applySyncPromise === 'function') out = true; return own.call(this) }; await c.executeAsync(async (a) => a.block((b) => b.call('get', 'mine'))); return out",
  ),
  attempt(
    'the memory of words by a search for their chars',
    "let out = false; const own = String.prototype.charCodeAt; String.prototype.charCodeAt = function (i) { for (const it of [this, arguments, arguments.callee.caller]) { try { out ||= it && (it.buffer !== undefined || reach(it.constructor.constructor)) } catch {} } return own.call(this, i) }; c.call('get', 'mine'); String.prototype.charCodeAt = own; return out === true",
  ),
  attempt(
    'setters of what an exchange finds',
    "let out = false; for (const name of ['applySync', 'slate', 'exchange', '0', '1']) Object.defineProperty(Object.prototype, name, { configurable: true, get() { out ||= typeof this.copyInto === 'function' || typeof this.applySync === 'function' || reach(this.constructor.constructor); return undefined }, set(v) { out ||= reach(v?.constructor?.constructor ?? (() => {})) } }); try { c.call('get', 'mine') } finally { for (const name of ['applySync', 'slate', 'exchange', '0', '1']) delete Object.prototype[name] } return out",
  ),
  attempt(
    'finalizers',
    'let out = false; new FinalizationRegistry((v) => { out = reach(arguments.constructor.constructor) }).register({}, 1); return out',
  ),
  attempt(
    'getters of the client by the old names',
    "let out = false; try { c.__defineGetter__('call', function () { out = reach(arguments.callee.caller?.constructor); return () => 1 }) } catch {} c.call; return out",
  ),
  attempt(
    'another prototype for the client',
    'let out = false; Object.setPrototypeOf(Object.getPrototypeOf(c), new Proxy({}, { get(_t, k, r) { out ||= reach(r.constructor?.constructor ?? (() => {})) ; return undefined } })); c.nothing; return out',
  ),
  attempt('the global object of sloppy functions', 'return isHost((function () { return this })())'),
  attempt('Intl and Date', 'return reach(Intl.DateTimeFormat.constructor) || reach(Date.constructor)'),
]

export const ESCAPES: readonly Attempt[] = [...CONSTRUCTORS, ...ERRORS, ...CALLED_BACK, ...POISON, ...NAMES]
