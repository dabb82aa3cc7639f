/**
 * TFUNCTION and the errors of calls, text by text.
 */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/create.ts'
import { installFunctions, LibraryError, library } from '../../src/functions/index.ts'
import { PROLOGUE, trustingEngine, Wire, WornClock } from './rig.ts'

const ONE = `${PROLOGUE}redis.registerFunction('one', () => 1)`
const TWO = `${PROLOGUE}redis.registerFunction('one', () => 2)`
const SHAPE =
  '-Failed to compile library: Invalid or missing prologue. The rules for the prologue are: a) It starts on the first line. b) It is formatted as follows: "#!<engine name> <key>=<value>".'

const PROLOGUES: readonly (readonly [line: string, reply: string])[] = [
  ['', SHAPE],
  ['js name=lib', SHAPE],
  [' #!js api_version=1.0 name=lib', SHAPE],
  ['#!js name', SHAPE],
  ['#!js api_version=1.0 name=a x', SHAPE],
  ['#!js  api_version=1.0 name=a', SHAPE],
  ['#!js\tapi_version=1.0 name=a', SHAPE],
  ['#!js api_version=1.0 name=', SHAPE],
  ['#!js name=a name=b', '-Failed to compile library: Duplicated prologue properties found: name.'],
  ['#!js name=a', '-Failed to compile library: The api version is missing from the prologue.'],
  [
    '#!js api_version=x name=a',
    '-Failed to compile library: The API version has been incorrectly specified: "x". The expected format is "<major>.<minor>". An example: "1.1".',
  ],
  ['#!js api_version=1.0', '-Failed to compile library: The library name is missing from the prologue.'],
  [
    '#!js api_version=1.0 name=a foo=b',
    '-Failed to compile library: Unknown prologue properties provided: "foo". Known properties: api_version, name.',
  ],
  [
    '#!js api_version=1.0 name=foo.bar',
    "-Failed to compile library: Unallowed library name 'foo.bar', Unallowed char was given '.'.",
  ],
  ['#!js1 api_version=1.0 name=a', '-Failed to compile library: Unknown backend js1'],
  [
    '#!js api_version=2.0 name=a',
    '-Failed to compile library: An unsupported API version was requested: 2.0. The supported versions are 1.0, 1.1.',
  ],
  ['#!js name=a api_version=1.0.7  \r', '-Neither function nor other registrations were found.'],
]

const WHY = 'Failed loading library: '
const REGISTRATIONS: readonly (readonly [body: string, reply: string])[] = [
  ['', '-Neither function nor other registrations were found.'],
  ["throw 'x'", `-${WHY}x.`],
  ['nothere()', `-${WHY}ReferenceError: nothere is not defined.`],
  ['eval("1")', `-${WHY}ReferenceError: eval is not defined.`],
  ['new Function("1")()', `-${WHY}EvalError: Code generation from strings disallowed for this context.`],
  [
    'redis.registerFunction(1, () => 1)',
    `-${WHY}Can not convert value at position 0 into string. Value is not string..`,
  ],
  ["redis.registerFunction('t', 's')", `-${WHY}Second argument to 'registerFunction' must be a function.`],
  ["redis.registerFunction('a.b', () => 1)", `-${WHY}Unallowed function name 'a.b', Unallowed char was given '.'..`],
  ["redis.registerFunction('', () => 1)", `-${WHY}Unallowed function name '', Empty name is not allowed..`],
  [
    "redis.registerFunction('t', () => 1); redis.registerAsyncFunction('t', async () => 1)",
    `-${WHY}Function t already exists.`,
  ],
  ["redis.registerFunction('t', () => 1, [1])", `-${WHY}Unknown properties given: 0.`],
  [
    "redis.registerFunction('t', () => 1, undefined)",
    `-${WHY}Can not convert value at position 2 into object. Given argument must be an object..`,
  ],
  [
    "redis.registerFunction('t', () => 1, { flags: ['x'] })",
    `-${WHY}Failed parsing function flags, Unknow flag 'x' was given.`,
  ],
  [
    "redis.registerFunction('t', () => 1, { flags: [1] })",
    `-${WHY}Failed parsing function flags, wrong type of string value.`,
  ],
  [
    "redis.registerFunction('t', () => 1, { description: 1 })",
    `-${WHY}Failed getting field description, Value is not string.`,
  ],
]

describe('TFUNCTION LOAD', () => {
  test.each(PROLOGUES)('%j', async (line, reply) => {
    expect(await new Wire(trustingEngine()).send('TFUNCTION', 'LOAD', `${line}\n`)).toBe(reply)
  })

  test.each(REGISTRATIONS)('%s', async (body, reply) => {
    expect(await new Wire(trustingEngine()).send('TFUNCTION', 'LOAD', PROLOGUE + body)).toBe(reply)
  })

  test('says what is wrong with its words', async () => {
    const wire = new Wire(trustingEngine())
    expect(await wire.send('TFUNCTION')).toBe("-ERR wrong number of arguments for 'tfunction' command")
    expect(await wire.send('TFUNCTION', 'Foo')).toBe('-Unknown subcommand foo')
    expect(await wire.send('TFUNCTION', 'LOAD')).toBe('-Could not find library payload')
    expect(await wire.send('TFUNCTION', 'LOAD', 'REPLACE')).toBe('-Could not find library payload')
    expect(await wire.send('TFUNCTION', 'LOAD', 'CONFIG')).toBe('-configuration value was not given')
    expect(await wire.send('TFUNCTION', 'LOAD', 'USER', 'u', ONE)).toBe('-Unknown argument user')
    expect(await wire.send('TFUNCTION', 'LOAD', 'CONFIG', '5', ONE)).toBe('-configuration must be a valid json object')
    expect(await wire.send('TFUNCTION', 'LOAD', 'CONFIG', 'foo', ONE)).toMatch(
      /^-configuration must be a valid json, 'foo', .*\.$/,
    )
    expect(wire.sendRaw('TFUNCTION', 'LOAD', '\xff')).toBe('-lib code must a valid string')
    expect(await wire.send('TFUNCTION', 'LOAD', `${PROLOGUE}(`)).toBe(
      '-Failed to compile library: SyntaxError: Unexpected end of input',
    )
  })

  test('runs code from clients in an isolate unless they are trusted', async () => {
    const body = "redis.registerFunction('host', (c) => typeof c.constructor.constructor('return this.process')())"
    const isolated = new Wire(createEngine())
    expect(await isolated.send('TFUNCTION', 'LOAD', PROLOGUE + body)).toBe('+OK')
    expect(await isolated.send('TFCALL', 'L.host', '0')).toBe('$9 undefined')
    const trusted = new Wire(trustingEngine())
    expect(await trusted.send('TFUNCTION', 'LOAD', PROLOGUE + body)).toBe('+OK')
    expect(await trusted.send('TFCALL', 'L.host', '0')).toBe('$6 object')
  })

  test('is refused inside MULTI, with nothing loaded', async () => {
    const wire = new Wire(trustingEngine())
    await wire.send('MULTI')
    await wire.send('TFUNCTION', 'LOAD', ONE)
    expect(await wire.send('EXEC')).toBe('*1 -ERR Blocking module command called from transaction')
    expect(await wire.send('TFUNCTION', 'LIST')).toBe('*0')
  })

  test('replaces a library only when told to, and keeps the old one when the new one fails', async () => {
    const wire = new Wire(trustingEngine())
    expect(await wire.send('TFUNCTION', 'LOAD', ONE)).toBe('+OK')
    expect(await wire.send('TFUNCTION', 'LOAD', TWO)).toBe('-Library L already exists.')
    expect(await wire.send('TFCALL', 'L.one', '0')).toBe(':1')
    expect(await wire.send('TFUNCTION', 'load', 'replace', TWO)).toBe('+OK')
    expect(await wire.send('TFCALL', 'L.one', '0')).toBe(':2')
    expect(await wire.send('TFUNCTION', 'LOAD', 'REPLACE', `${ONE}; redis.registerFunction('t', 's')`)).toMatch(
      '-Failed',
    )
    expect(await wire.send('TFCALL', 'L.one', '0')).toBe(':2')
  })

  test('gives the library its config', async () => {
    const wire = new Wire(trustingEngine())
    const code = `${PROLOGUE}redis.registerFunction('cfg', () => redis.config)`
    expect(await wire.send('TFUNCTION', 'LOAD', 'CONFIG', '{"a":"b"}', code)).toBe('+OK')
    expect(await wire.send('TFCALL', 'L.cfg', '0')).toBe('*2 $1 a $1 b')
    expect(await wire.send('TFUNCTION', 'LOAD', 'REPLACE', code)).toBe('+OK')
    expect(await wire.send('TFCALL', 'L.cfg', '0')).toBe('*0')
  })

  test('registering is over once the text has run', async () => {
    const wire = new Wire(trustingEngine())
    await wire.send(
      'TFUNCTION',
      'LOAD',
      `${PROLOGUE}redis.registerFunction('f', () => redis.registerFunction('g', () => 1))`,
    )
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe("-Called 'register_function' out of context")
  })

  test('stops a text that never ends', async () => {
    const wire = new Wire(trustingEngine({}, new WornClock()))
    expect(await wire.send('TFUNCTION', 'LOAD', `${ONE}; for (;;);`)).toBe(
      '-Failed loading library: Err Execution was terminated due to OOM or timeout.',
    )
    expect(await wire.send('TFUNCTION', 'LIST')).toBe('*0')
  })
})

describe('TFUNCTION DELETE and LIST', () => {
  test('a deleted library is gone, and its background gets no more sections', async () => {
    const wire = new Wire(trustingEngine())
    await wire.send(
      'TFUNCTION',
      'LOAD',
      `${PROLOGUE}redis.registerAsyncFunction('f', async (c) => {
        await c.block((b) => b.callAsync('blpop', 'l', 0))
        return c.block(() => 1)
      })`,
    )
    const answer = wire.start('TFCALLASYNC', 'L.f', '0')
    await Promise.resolve()
    const other = new Wire(wire.engine)
    expect(await other.send('TFUNCTION', 'DELETE', 'L')).toBe('+OK')
    expect(await other.send('TFCALLASYNC', 'L.f', '0')).toBe('-Unknown library L')
    await other.send('LPUSH', 'l', '1')
    expect(await answer).toBe('-Function were unregistered')
  })

  test('errors', async () => {
    const wire = new Wire(trustingEngine())
    expect(await wire.send('TFUNCTION', 'DELETE')).toBe('-function name was not given')
    expect(await wire.send('TFUNCTION', 'DELETE', 'X')).toBe('-library does not exists')
    expect(await wire.send('TFUNCTION', 'LIST', 'FOO')).toBe("-Unknown option 'foo'")
    expect(await wire.send('TFUNCTION', 'LIST', 'LIBRARY')).toBe('-Library name was not given')
    expect(wire.sendRaw('TFUNCTION', 'LIST', '\xff')).toBe('-Binary option is not allowed')
    expect(wire.sendRaw('TFUNCTION', 'LIST', 'LIBRARY', '\xff')).toBe('-Library name is not a string')
  })

  test('a listing has eleven keys in alphabetical order, and more when asked', async () => {
    const wire = new Wire(trustingEngine(), 3)
    await wire.send(
      'TFUNCTION',
      'LOAD',
      `${PROLOGUE}redis.registerFunction('one', () => 1, { description: 'D', flags: ['allow-oom'] })`,
    )
    expect(await wire.send('TFUNCTION', 'LIST')).toBe(
      '*1 %11 $11 api_version $3 1.0 $17 cluster_functions *0 $13 configuration _ $6 engine $2 js $9 functions *1 $3 one ' +
        '$17 keyspace_triggers *0 $4 name $1 L $19 pending_async_calls *0 $12 pending_jobs :0 $15 stream_triggers *0 $4 user $7 default',
    )
    expect(await wire.send('TFUNCTION', 'LIST', 'v', 'LIBRARY', 'L')).toContain(
      '%4 $11 description $1 D $5 flags *1 $9 allow-oom $8 is_async #f $4 name $3 one',
    )
    expect(await wire.send('TFUNCTION', 'LIST', 'WITHCODE')).toContain('$4 code')
    expect(await wire.send('TFUNCTION', 'LIST', 'LIBRARY', 'M')).toBe('*0')
  })
})

describe('TFCALL', () => {
  test('checks in the order of the original', async () => {
    const wire = new Wire(trustingEngine())
    await wire.send('TFUNCTION', 'LOAD', `${ONE}; redis.registerAsyncFunction('later', async () => 'x')`)
    expect(wire.sendRaw('TFCALL', '\xff', 'zz')).toBe("-Couldn't parse as UTF-8 string")
    expect(await wire.send('TFCALL', 'L', 'zz')).toBe('-Failed extracting function name')
    expect(await wire.send('TFCALL', 'M.one', 'zz')).toBe('-ERR invalid digit found in string')
    expect(await wire.send('TFCALL', 'M.one', '-1')).toBe('-ERR invalid digit found in string')
    expect(await wire.send('TFCALL', 'M.one', '')).toBe('-ERR cannot parse integer from empty string')
    expect(await wire.send('TFCALL', 'M.one', '9')).toBe('-Unknown library M')
    expect(await wire.send('TFCALL', 'L.two', '9')).toBe('-Unknown function two')
    expect(await wire.send('TFCALL', 'L.one', '10', 'x')).toBe(
      '-Not enough arguments was given, expected at least 10 arguments, got 1 arguments.',
    )
    expect(await wire.send('TFCALL', 'L.one')).toBe("-ERR wrong number of arguments for 'tfcall' command")
    expect(await wire.send('TFCALL', 'L.later', '0')).toBe(
      '-The function is declared as async and was called while blocking was not allowed; note that you cannot invoke async functions from within Lua or MULTI, and you must use TFCALLASYNC instead.',
    )
    expect(await wire.send('TFCALL', 'L.one.more', '0')).toBe(':1')
    expect(await wire.send('TFCALLASYNC', 'L.one', '0')).toBe(':1')
  })

  test('a promise that cannot be waited for is an error; the transaction goes on', async () => {
    const wire = new Wire(trustingEngine())
    await wire.send(
      'TFUNCTION',
      'LOAD',
      `${PROLOGUE}redis.registerAsyncFunction('f', async () => 1)
      redis.registerFunction('g', (c) => c.executeAsync(async () => { throw 'lost' }))`,
    )
    const error =
      '-Can not block client for background execution, Blocking is not allow inside multi/exec, Lua, or within another module (RM_Call).'
    expect(await wire.send('TFCALL', 'L.g', '0')).toBe(error)
    await wire.send('MULTI')
    await wire.send('TFCALLASYNC', 'L.f', '0')
    await wire.send('SET', 'k', 'v')
    expect(await wire.send('EXEC')).toBe(`*2 ${error} +OK`)
  })
})

describe('libraries given at start', () => {
  test('need no trust, and clients cannot replace or delete them', async () => {
    const own = library('own', (redis) => redis.registerFunction('f', () => redis.config), { a: 1 })
    const wire = new Wire(trustingEngine({ libraries: [own, ONE] }))
    expect(await wire.send('TFCALL', 'own.f', '0')).toBe('*2 $1 a :1')
    expect(await wire.send('TFCALL', 'L.one', '0')).toBe(':1')
    expect(await wire.send('TFUNCTION', 'DELETE', 'own')).toMatch('-ERR Library own is linked into this process')
    const text = "#!js api_version=1.0 name=own\nredis.registerFunction('f', () => 1)"
    expect(await wire.send('TFUNCTION', 'LOAD', 'REPLACE', text)).toMatch('-ERR Library own is linked')
  })

  test('that fail are errors with the reason', () => {
    expect(() => installFunctions(createEngine(), { libraries: ['#!js'] })).toThrow(LibraryError)
    expect(() => library('a.b', () => {})).toThrow("Unallowed library name 'a.b', Unallowed char was given '.'.")
  })

  test('may use any Node API, and others are served while they wait', async () => {
    const own = library('own', (redis) => {
      redis.registerAsyncFunction(
        'f',
        async (client: { block: <T>(run: (c: { call: (...w: string[]) => T }) => T) => T }) => {
          const before = client.block((c) => c.call('incr', 'n'))
          await new Promise((resolve) => setImmediate(resolve))
          return [before, client.block((c) => c.call('incr', 'n'))]
        },
      )
    })
    const wire = new Wire(trustingEngine({ libraries: [own] }))
    const answer = wire.start('TFCALLASYNC', 'own.f', '0')
    await Promise.resolve().then(() => {})
    expect(await new Wire(wire.engine).send('INCR', 'n')).toBe(':2')
    expect(await answer).toBe('*2 :1 :3')
  })
})

test('INFO tells of libraries under the hashes of their names, when it is asked for modules', async () => {
  const wire = new Wire(trustingEngine({ libraries: [ONE] }))
  const line =
    'redisgears_2_72dfcfb0c470ac255cde83fb8fe38de8a128188e03ea5ba5b2a93adbea1062fa:function_count(sync)=1,function_count(async)=0,notification_consumers_count=0,stream_consumers_count=0,cluster_functions_count=0,api_version=1.0,pending_jobs_count=0,pending_async_calls_count=0'
  for (const section of ['redisgears_2', 'redisgears_2_PerLibraryInformation', 'modules', 'everything']) {
    expect(await wire.send('INFO', section)).toContain(`# redisgears_2_PerLibraryInformation ${line}`)
  }
  for (const section of ['all', 'default']) expect(await wire.send('INFO', section)).not.toContain('redisgears_2')
})
