/**
 * The methods of text, arrays, objects and numbers in Lua: pieces of the prelude, named as the operations are.
 *
 * The one idea: arguments come as JavaScript gives them, positions from 0, and are cut to the value as JavaScript cuts them.
 */
import type { Piece } from './prelude.ts'

/** A position of slice: negative counts from the end, then cut to 0 … n. */
const PLACE = `
local function place(i, n, absent)
  if i == nil or i ~= i then return i == nil and absent or 0 end
  i = i < 0 and math.ceil(i) or math.floor(i)
  if i < 0 then return math.max(n + i, 0) end
  return math.min(i, n)
end`

const each = (name: string, body: string): Piece => ({ lua: `local function ${name}(list, f)\n${body}\nend` })

const row = (name: string, params: string, body: string, ...needs: string[]): Piece => {
  return { needs, lua: `local function ${name}(${params})\n  ${body.trim().replaceAll('\n', '\n  ')}\nend` }
}

/** The pieces by the name under which the printer calls them. */
export const LIBRARY: Readonly<Record<string, Piece>> = {
  place: { lua: PLACE },
  trunc: row('trunc', 'x', 'return x < 0 and math.ceil(x) or math.floor(x)'),
  sign: row('sign', 'x', 'return x > 0 and 1 or x < 0 and -1 or x'),
  round: row('round', 'x', 'local whole = math.floor(x)\nif x - whole >= 0.5 then whole = whole + 1 end\nreturn whole'),
  least: row(
    'least',
    'list',
    'local found = math.huge\nfor i = 1, list[0] do\n  if list[i] ~= list[i] then return list[i] end\n  if list[i] < found then found = list[i] end\nend\nreturn found',
  ),
  most: row(
    'most',
    'list',
    'local found = -math.huge\nfor i = 1, list[0] do\n  if list[i] ~= list[i] then return list[i] end\n  if list[i] > found then found = list[i] end\nend\nreturn found',
  ),
  isInteger: row('isInteger', 'x', 'return x == math.floor(x) and x ~= math.huge and x ~= -math.huge'),
  typeOf: row(
    'typeOf',
    'v',
    'local kind = type(v)\nreturn (kind == "string" or kind == "number" or kind == "boolean") and kind or "object"',
  ),
  textSlice: row(
    'textSlice',
    's, from, to',
    'return string.sub(s, place(from, #s, 0) + 1, place(to, #s, #s))',
    'place',
  ),
  substring: row(
    'substring',
    's, from, to',
    'from = math.max(math.min(trunc(from == from and from or 0), #s), 0)\nto = to == nil and #s or math.max(math.min(trunc(to == to and to or 0), #s), 0)\nif from > to then from, to = to, from end\nreturn string.sub(s, from + 1, to)',
    'trunc',
  ),
  textAt: row(
    'textAt',
    's, i',
    'i = trunc(i == i and i or 0)\nif i < 0 then i = #s + i end\nif i < 0 or i >= #s then return nil end\nreturn string.sub(s, i + 1, i + 1)',
    'trunc',
  ),
  charAt: row(
    'charAt',
    's, i',
    'i = trunc(i == i and i or 0)\nif i < 0 or i >= #s then return "" end\nreturn string.sub(s, i + 1, i + 1)',
    'trunc',
  ),
  textIndexOf: row(
    'textIndexOf',
    's, part, from',
    'from = math.max(math.min(trunc(from == from and from or 0), #s), 0)\nreturn (string.find(s, part, from + 1, true) or 0) - 1',
    'trunc',
  ),
  startsWith: row('startsWith', 's, part', 'return string.sub(s, 1, #part) == part'),
  endsWith: row('endsWith', 's, part', 'return #part <= #s and string.sub(s, #s - #part + 1) == part'),
  split: row(
    'split',
    's, by',
    'local found, n, at = {}, 0, 1\nwhile true do\n  local from, to = string.find(s, by, at, true)\n  n = n + 1\n  found[n] = string.sub(s, at, (from or 0) - 1)\n  if not from then break end\n  at = to + 1\nend\nfound[0] = n\nreturn found',
  ),
  trim: row('trim', 's', 'return (string.match(s, "^[\\t-\\r ]*(.-)[\\t-\\r ]*$"))'),
  pad: row(
    'pad',
    's, width, by',
    'width = trunc(width == width and width or 0) - #s\nif width <= 0 or by == "" then return "" end\nreturn string.sub(string.rep(by, math.ceil(width / #by)), 1, width)',
    'trunc',
  ),
  push: row('push', 'list, v', 'local n = list[0] + 1\nlist[n] = v\nlist[0] = n\nreturn n'),
  append: row(
    'append',
    'list, more',
    'local n = list[0]\nfor i = 1, more[0] do list[n + i] = more[i] end\nlist[0] = n + more[0]\nreturn list[0]',
  ),
  prepend: row(
    'prepend',
    'list, more',
    'local n, m = list[0], more[0]\nfor i = n, 1, -1 do list[i + m] = list[i] end\nfor i = 1, m do list[i] = more[i] end\nlist[0] = n + m\nreturn n + m',
  ),
  pop: row(
    'pop',
    'list',
    'local n = list[0]\nif n == 0 then return nil end\nlocal v = list[n]\nlist[n] = nil\nlist[0] = n - 1\nreturn v',
  ),
  shift: row(
    'shift',
    'list',
    'local n = list[0]\nif n == 0 then return nil end\nlocal v = list[1]\nfor i = 1, n do list[i] = list[i + 1] end\nlist[0] = n - 1\nreturn v',
  ),
  at: row(
    'at',
    'list, i',
    'i = trunc(i == i and i or 0)\nif i < 0 then i = list[0] + i end\nif i < 0 then return nil end\nreturn list[i + 1]',
    'trunc',
  ),
  slice: row(
    'slice',
    'list, from, to',
    'local first, last = place(from, list[0], 0), place(to, list[0], list[0])\nlocal found, n = {}, math.max(last - first, 0)\nfor i = 1, n do found[i] = list[first + i] end\nfound[0] = n\nreturn found',
    'place',
  ),
  reverse: row(
    'reverse',
    'list',
    'local n = list[0]\nfor i = 1, math.floor(n / 2) do list[i], list[n - i + 1] = list[n - i + 1], list[i] end\nreturn list',
  ),
  indexOf: row('indexOf', 'list, v', 'for i = 1, list[0] do\n  if list[i] == v then return i - 1 end\nend\nreturn -1'),
  includes: row(
    'includes',
    'list, v',
    'for i = 1, list[0] do\n  if list[i] == v or v ~= v and list[i] ~= list[i] then return true end\nend\nreturn false',
  ),
  join: row(
    'join',
    'list, by',
    'local found = {}\nfor i = 1, list[0] do found[i] = str(list[i]) end\nreturn table.concat(found, by)',
    'str',
  ),
  keys: row(
    'keys',
    'o',
    'local found = {}\nfor name in pairs(o) do found[#found + 1] = name end\ntable.sort(found)\nfound[0] = #found\nreturn found',
  ),
  values: row(
    'values',
    'o',
    'local found = keys(o)\nfor i = 1, found[0] do found[i] = get(o, found[i]) end\nreturn found',
    'keys',
    'get',
  ),
  entries: row(
    'entries',
    'o',
    'local found = keys(o)\nfor i = 1, found[0] do found[i] = {[0] = 2, found[i], (get(o, found[i]))} end\nreturn found',
    'keys',
    'get',
  ),
  remove: row('remove', 'o, name', 'o[name] = nil\nreturn true'),
  spread: row('spread', 'o, more', 'for name, v in pairs(more) do o[name] = v end\nreturn o'),
  map: each(
    'map',
    '  local found = {[0] = list[0]}\n  for i = 1, list[0] do\n    if i > list[0] then break end\n    found[i] = f(list[i], i - 1)\n  end\n  return found',
  ),
  filter: each(
    'filter',
    '  local found, n = {}, 0\n  for i = 1, list[0] do\n    if i > list[0] then break end\n    local v = list[i]\n    if f(v, i - 1) then n = n + 1 found[n] = v end\n  end\n  found[0] = n\n  return found',
  ),
  some: each(
    'some',
    '  for i = 1, list[0] do\n    if i > list[0] then break end\n    if f(list[i], i - 1) then return true end\n  end\n  return false',
  ),
  every: each(
    'every',
    '  for i = 1, list[0] do\n    if i > list[0] then break end\n    if not f(list[i], i - 1) then return false end\n  end\n  return true',
  ),
  find: each(
    'find',
    '  for i = 1, list[0] do\n    local v = list[i]\n    if f(v, i - 1) then return v end\n  end\n  return nil',
  ),
  findIndex: each('findIndex', '  for i = 1, list[0] do if f(list[i], i - 1) then return i - 1 end end\n  return -1'),
  forEach: each('forEach', '  for i = 1, list[0] do\n    if i > list[0] then break end\n    f(list[i], i - 1)\n  end'),
}
