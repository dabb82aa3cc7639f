/**
 * The layers of src/, as a table, and the rules that follow from it.
 *
 * The one idea: a folder has a rank and imports lower ranks only, never an equal one (its own files apart). Where a
 * lower layer needs an upper one, it declares a port in base/ports. Type imports count. Tests may import anything, but
 * nothing may import a test. test/tidy/layers.test.ts shows that each rule fires.
 */

/** Every folder and root file of src/. What is missing here may not exist: see `unranked`. */
const RANKS = {
  base: 0,
  structures: 1,
  rdb: 2,
  keyspace: 3,
  commands: 4,
  engine: 5,
  resp: 5,
  lua: 6,
  script: 6,
  durability: 6,
  guest: 6,
  backend: 7,
  client: 8,
  containers: 9,
  functions: 10,
  flow: 10,
  tasks: 10,
  // The composition root and the front door stand just above what they put together. The front door also serves
  // (`listen`), so it stands above the server; the test kit opens databases by it.
  'create.ts': 10.1,
  server: 11,
  open: 11.05,
  testing: 11.07,
  'index.ts': 11.1,
  cli: 12,
}

const TEST = '[.]test[.]ts$'

const under = (name) => (name.endsWith('.ts') ? `${name.replace('.', '[.]')}$` : `${name}/`)
const anyOf = (names) => `^src/(${names.map(under).join('|')})`
const names = Object.keys(RANKS)

/** The rank at the top has nothing that it may not import: no rule, for a pattern of no names would match everything. */
const isTop = (name) => names.every((other) => other === name || RANKS[other] < RANKS[name])

const layerRules = names
  .filter((name) => !isTop(name))
  .map((name) => ({
    name: `layer-${name}`,
    severity: 'error',
    comment: `${name} has rank ${RANKS[name]}: it imports lower ranks only`,
    from: { path: `^src/${under(name)}`, pathNot: TEST },
    to: { path: anyOf(names.filter((other) => other !== name && RANKS[other] >= RANKS[name])) },
  }))

/** The functional core: it never waits, reads a file or opens a socket. */
const CORE = anyOf(['base', 'structures', 'rdb', 'keyspace', 'commands', 'engine', 'resp', 'lua', 'script'])
const OUTSIDE = '^(node:)?(fs|fs/promises|net|tls|http|https|dgram|dns|child_process|worker_threads|cluster|timers.*)$'

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'unranked',
      severity: 'error',
      comment: 'every folder of src/ stands in the table of ranks',
      from: { path: '^src/', pathNot: anyOf(names) },
      to: {},
    },
    {
      name: 'no-cycle',
      severity: 'error',
      comment:
        'files that need each other to run are one file; a cycle that any `import type` breaks is only two names for one idea (a part and its whole)',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphan',
      severity: 'error',
      comment: 'a file that imports nothing and that nothing imports is dead',
      from: {
        orphan: true,
        path: '^src/',
        pathNot: [TEST, '[.]d[.]ts$', '^src/index[.]ts$', '^src/[^/]+/index[.]ts$', '^src/cli/main[.]ts$'],
      },
      to: {},
    },
    { name: 'no-test-import', severity: 'error', from: { path: '^src/' }, to: { path: TEST } },
    {
      name: 'src-stands-alone',
      severity: 'error',
      comment: 'the package ships src/ only',
      from: { path: '^src/', pathNot: TEST },
      to: { path: '^(test|bench|scripts|examples|dashboard|docs)/' },
    },
    {
      name: 'core-stays-inside',
      severity: 'error',
      comment: 'the core is synchronous and has no files, sockets, processes or timers: those enter at create.ts',
      from: { path: CORE, pathNot: TEST },
      to: { path: OUTSIDE },
    },
    {
      name: 'log-and-flags-outside',
      severity: 'error',
      comment: 'commander and pino are loaded by cli/ and server/ only',
      from: { path: '^src/', pathNot: ['^src/(cli|server)/', TEST] },
      to: { path: 'node_modules/(commander|pino)/' },
    },
    {
      name: 'no-dev-dependency',
      severity: 'error',
      comment: 'what ships imports dependencies and optional peers only',
      from: { path: '^src/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer', 'npm-optional', 'type-only'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true, pathNot: '^(isolated-vm|esbuild|ioredis)$' },
    },
  ],
  options: {
    // Type-only imports are imports: a layer that needs an upper layer's types needs the upper layer.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
