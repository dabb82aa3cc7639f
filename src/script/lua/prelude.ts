/**
 * The prelude: what JavaScript has and Lua 5.1 lacks, as small functions of which a script gets those that it uses.
 *
 * The one idea: arrays are tables with their length at 0, so that elements may be nil and an empty array is no empty object;
 * objects are tables with text keys, in which NULL stands for a field that is null. Each function says what it needs;
 * the order of this list is the order in a script.
 */

interface Piece {
  readonly needs?: readonly string[]
  readonly lua: string
}

/** Raises an error that carries a code; `level` is Lua's: 2 is the caller. */
const FAILURE = String.raw`
local function failure(code, message, level)
  message = string.gsub(message, "[%z\1-\31\127\\]", function(c) return string.format("\\x%02x", string.byte(c)) end)
  error("GEARTRAIN " .. code .. " " .. message, level + 1)
end`

/** A number as JavaScript writes it: the shortest digits that read back the same. */
const NUM = `
local function num(x)
  if x == math.floor(x) and x >= -9007199254740992 and x <= 9007199254740992 then
    if x == 0 then return "0" end
    return string.format("%.0f", x)
  end
  if x ~= x then return "NaN" end
  if x == math.huge then return "Infinity" end
  if x == -math.huge then return "-Infinity" end
  local sign = ""
  if x < 0 then sign, x = "-", -x end
  local text
  for digits = x < 2.3e-308 and 1 or 15, 17 do
    text = string.format("%." .. (digits - 1) .. "e", x)
    if tonumber(text) == x then break end
    if digits == 16 and math.frexp(x) == 0.5 then
      local head, digit, nines, exponent = string.match(text, "^(.-)([0-8])(9*)(e.*)$")
      local up = head and head .. (digit + 1) .. string.rep("0", #nines) .. exponent
      if up and tonumber(up) == x then text = up break end
    end
  end
  local digits, exponent = string.match(text, "^(.-)e(.+)$")
  digits = string.gsub(string.gsub(digits, "%.", ""), "0+$", "")
  local point = tonumber(exponent) + 1
  if point > 21 or point < -5 then
    local rest = #digits > 1 and "." .. string.sub(digits, 2) or ""
    return sign .. string.sub(digits, 1, 1) .. rest .. string.format("e%+d", point - 1)
  end
  if point <= 0 then return sign .. "0." .. string.rep("0", -point) .. digits end
  if #digits <= point then return sign .. digits .. string.rep("0", point - #digits) end
  return sign .. string.sub(digits, 1, point) .. "." .. string.sub(digits, point + 1)
end`

const WRITE = String.raw`
local function quoted(s)
  local names = {["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ['"'] = '\\"', ["\\"] = "\\\\"}
  return '"' .. string.gsub(s, '[%z\1-\31"\\]', function(c)
    return names[c] or string.format("\\u%04x", string.byte(c))
  end) .. '"'
end
local function json(whole)
  local out, bad = {}, nil
  local function write(v)
    local kind = type(v)
    if v == nil or v == NULL then out[#out + 1] = "null"
    elseif kind == "string" then out[#out + 1] = quoted(v)
    elseif kind == "boolean" then out[#out + 1] = tostring(v)
    elseif kind == "number" then
      if v ~= v or v == math.huge or v == -math.huge then bad = v end
      out[#out + 1] = num(v)
    elseif v[0] then
      out[#out + 1] = "["
      for i = 1, v[0] do
        if i > 1 then out[#out + 1] = "," end
        write(v[i])
      end
      out[#out + 1] = "]"
    else
      local names = {}
      for name in pairs(v) do names[#names + 1] = name end
      table.sort(names)
      out[#out + 1] = "{"
      for i, name in ipairs(names) do
        out[#out + 1] = (i > 1 and "," or "") .. quoted(name) .. ":"
        write(v[name])
      end
      out[#out + 1] = "}"
    end
  end
  write(whole)
  if bad then failure("NOT_FINITE", num(bad) .. " has no JSON", 2) end
  return table.concat(out)
end`

/** JSON read as strictly as JavaScript reads it. */
const PARSE = String.raw`
local function parse(s)
  local at, read = 1, nil
  local function space() at = string.find(s, "[^ \t\r\n]", at) or #s + 1 end
  local function utf8(code)
    if code < 128 then return string.char(code) end
    if code < 2048 then return string.char(192 + math.floor(code / 64), 128 + code % 64) end
    if code < 65536 then
      return string.char(224 + math.floor(code / 4096), 128 + math.floor(code / 64) % 64, 128 + code % 64)
    end
    return string.char(240 + math.floor(code / 262144), 128 + math.floor(code / 4096) % 64, 128 + math.floor(code / 64) % 64, 128 + code % 64)
  end
  local plain = {b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/"}
  local function text()
    local parts = {}
    at = at + 1
    while true do
      local from, to = string.find(s, '^[^%z\1-\31"\\]*', at)
      parts[#parts + 1] = string.sub(s, from, to)
      local c = string.sub(s, to + 1, to + 1)
      at = to + 2
      if c == '"' then return table.concat(parts) end
      if c ~= "\\" then error("text") end
      local escape = string.sub(s, at, at)
      at = at + 1
      if escape == "u" then
        local hex = string.match(s, "^%x%x%x%x", at)
        local code = tonumber(hex, 16)
        at = at + 4
        if code >= 55296 and code < 56320 then
          local low = tonumber(string.match(s, "^\\u(%x%x%x%x)", at) or "0", 16)
          if low >= 56320 and low < 57344 then
            code = 65536 + (code - 55296) * 1024 + low - 56320
            at = at + 6
          end
        end
        parts[#parts + 1] = utf8((code >= 55296 and code < 57344) and 65533 or code)
      else
        parts[#parts + 1] = plain[escape] or error("escape")
      end
    end
  end
  local function number()
    local whole = string.match(s, "^-?%d+", at)
    if not whole or string.find(whole, "^-?0%d") then error("number") end
    local rest = string.match(s, "^%.%d+", at + #whole) or ""
    rest = rest .. (string.match(s, "^[eE][+-]?%d+", at + #whole + #rest) or "")
    at = at + #whole + #rest
    local value = tonumber(whole .. rest)
    if value == math.huge or value == -math.huge then error("number") end
    return value == 0 and 0 or value
  end
  local words = {t = {"true", true}, f = {"false", false}, n = {"null", NULL}}
  local function list()
    local found, n = {}, 0
    at = at + 1
    space()
    if string.sub(s, at, at) == "]" then at = at + 1 found[0] = 0 return found end
    while true do
      local v = read()
      n = n + 1
      if v ~= NULL then found[n] = v end
      local c = string.sub(s, at, at)
      at = at + 1
      if c == "]" then found[0] = n return found end
      if c ~= "," then error("array") end
    end
  end
  local function fields()
    local found = {}
    at = at + 1
    space()
    if string.sub(s, at, at) == "}" then at = at + 1 return found end
    while true do
      space()
      if string.sub(s, at, at) ~= '"' then error("name") end
      local name = text()
      space()
      if string.sub(s, at, at) ~= ":" then error("colon") end
      at = at + 1
      found[name] = read()
      local c = string.sub(s, at, at)
      at = at + 1
      if c == "}" then return found end
      if c ~= "," then error("object") end
    end
  end
  function read()
    space()
    local c = string.sub(s, at, at)
    local v
    if c == '"' then v = text()
    elseif c == "[" then v = list()
    elseif c == "{" then v = fields()
    elseif words[c] and string.sub(s, at, at + #words[c][1] - 1) == words[c][1] then
      v = words[c][2]
      at = at + #words[c][1]
    else v = number() end
    space()
    return v
  end
  local ok, v = pcall(read)
  if not ok or at <= #s then failure("BAD_JSON", "the text is no JSON", 2) end
  if v == NULL then return nil end
  return v
end`

/** A value of parsed JSON against a shape: see copyOf of shapes.ts, which it repeats. */
const CHECK = String.raw`
local function check(whole, shape)
  local function bad(path, expected) error({path = path, expected = expected}) end
  local function copy(v, form, path)
    if v == NULL then v = nil end
    local kind = form[1]
    if kind == "json" then return v end
    if kind == "nullable" or kind == "optional" then
      if v == nil then return nil end
      return copy(v, form[2], path)
    elseif kind == "nil" then
      if v ~= nil then bad(path, "null") end
      return nil
    elseif kind == "literal" then
      for i = 2, #form do if form[i] == v then return v end end
      bad(path, "one of its literals")
    elseif kind == "string" or kind == "ascii" then
      if type(v) ~= "string" then bad(path, "text") end
      if kind == "ascii" and string.find(v, "[\128-\255]") then bad(path, "ASCII text") end
      return v
    elseif kind == "number" or kind == "boolean" then
      if type(v) ~= kind then bad(path, "a " .. kind) end
      return v
    elseif kind == "array" then
      if type(v) ~= "table" or not v[0] then bad(path, "an array") end
      for i = 1, v[0] do v[i] = copy(v[i], form[2], path .. "[" .. (i - 1) .. "]") end
      return v
    elseif kind == "tuple" then
      if type(v) ~= "table" or not v[0] or v[0] > form[2] then bad(path, "an array of " .. form[2]) end
      for i = 1, form[2] do v[i] = copy(v[i], form[i + 2], path .. "[" .. (i - 1) .. "]") end
      v[0] = form[2]
      return v
    end
    if type(v) ~= "table" or v[0] then bad(path, "an object") end
    local fields = form[2]
    local found = {}
    for name, field in pairs(v) do
      local inner = kind == "record" and fields or fields[name]
      if not inner then bad(path .. "." .. name, "left out") end
      local held = copy(field, inner, path .. "." .. name)
      if held ~= nil then found[name] = held
      elseif inner[1] ~= "optional" or inner[3] then found[name] = NULL end
    end
    if kind == "object" then
      for name, field in pairs(fields) do
        if v[name] == nil and not field.absent then bad(path .. "." .. name, "there") end
      end
    end
    return found
  end
  local ok, v = pcall(copy, whole, shape, "json")
  if ok then return v end
  if type(v) ~= "table" or not v.path then error(v, 0) end
  failure("BAD_JSON", v.path .. " should be " .. v.expected, 2)
end`

/** The pieces by name, in the order in which they are written. */
const PIECES: Readonly<Record<string, Piece>> = {
  NULL: { lua: 'local NULL = cjson.null' },
  failure: { lua: FAILURE },
  num: { lua: NUM },
  str: { needs: ['num'], lua: 'local function str(v) return type(v) == "number" and num(v) or v end' },
  json: { needs: ['NULL', 'num', 'failure'], lua: WRITE },
  parse: { needs: ['NULL', 'failure'], lua: PARSE },
  check: { needs: ['NULL', 'failure'], lua: CHECK },
  arg: {
    needs: ['NULL'],
    lua: `
local function arg(v)
  if v == NULL then return nil end
  if type(v) ~= "table" then return v end
  if v[1] == nil then
    for name, field in pairs(v) do
      if type(field) == "table" then v[name] = arg(field) end
    end
    return v
  end
  local n = v[1]
  for i = 1, n do v[i] = arg(v[i + 1]) end
  v[n + 1] = nil
  v[0] = n
  return v
end`,
  },
  get: {
    needs: ['NULL'],
    lua: `
local function get(o, name)
  local v = o[name]
  if v == NULL then return nil end
  return v
end`,
  },
  opt: { needs: ['NULL'], lua: 'local function opt(v) if v == nil then return NULL end return v end' },
  elem: { lua: 'local function elem(list, i) if i < 0 then return nil end return list[i + 1] end' },
  setElem: {
    needs: ['failure', 'num'],
    lua: `
local function setElem(list, i, v)
  local n = list[0]
  if i < 0 or i > n or i ~= math.floor(i) then failure("BAD_INDEX", "no element " .. num(i) .. " of " .. n, 2) end
  if i == n then list[0] = n + 1 end
  list[i + 1] = v
end`,
  },
  ascii: {
    needs: ['failure'],
    lua: String.raw`
local function ascii(s)
  if string.find(s, "[\128-\255]") then failure("NOT_ASCII", "the text is not ASCII", 2) end
  return s
end`,
  },
  toNumber: {
    lua: `
local function toNumber(s)
  if s == nil then return nil end
  local body, exponent = string.match(s, "^[+-]?([%d.]+)(.*)$")
  if not body or not (string.find(body, "^%d+%.?%d*$") or string.find(body, "^%.%d+$")) then return nil end
  if exponent ~= "" and not string.find(exponent, "^[eE][+-]?%d+$") then return nil end
  local v = tonumber((string.gsub(s, "^%+", "")))
  if v == math.huge or v == -math.huge then return nil end
  return v
end`,
  },
  nowMs: {
    lua: `
local now
local function nowMs()
  if not now then
    local time = redis.call("TIME")
    now = time[1] * 1000 + math.floor(time[2] / 1000)
  end
  return now
end`,
  },
  counted: {
    lua: `
local function counted(reply)
  if not reply then return {[0] = 0} end
  reply[0] = #reply
  return reply
end`,
  },
  record: {
    lua: `
local function record(reply)
  local found = {}
  for i = 1, #reply, 2 do found[reply[i]] = reply[i + 1] end
  return found
end`,
  },
  scored: {
    lua: `
local function scored(reply)
  local found, n = {}, #reply / 2
  for i = 1, n do found[i] = {[0] = 2, reply[2 * i - 1], tonumber(reply[2 * i])} end
  found[0] = n
  return found
end`,
  },
  getMany: {
    needs: ['NULL'],
    lua: `
local function getMany(key, names)
  local found = {}
  for from = 1, names[0], 1000 do
    local to = math.min(from + 999, names[0])
    local reply = redis.call("HMGET", key, unpack(names, from, to))
    for i = from, to do found[names[i]] = reply[i - from + 1] or NULL end
  end
  return found
end`,
  },
  kind: {
    lua: `
local function kind(reply)
  if reply.ok == "none" then return nil end
  return reply.ok
end`,
  },
  ttl: { lua: 'local function ttl(reply) if reply == -2 then return nil end return reply end' },
  streamed: {
    needs: ['record'],
    lua: `
local function streamed(reply)
  local found = {[0] = #reply}
  for i, entry in ipairs(reply) do found[i] = {id = entry[1], fields = record(entry[2])} end
  return found
end`,
  },
  reply: {
    lua: `
local function reply(v)
  if v == false then return nil end
  if type(v) ~= "table" then return v end
  if v.ok then return v.ok end
  local found = {[0] = #v}
  for i = 1, #v do found[i] = reply(v[i]) end
  return found
end`,
  },
  texts: {
    needs: ['str'],
    lua: `
local function texts(list)
  local found = {[0] = list[0]}
  for i = 1, list[0] do found[i] = str(list[i]) end
  return found
end`,
  },
  flat: {
    needs: ['str'],
    lua: `
local function flat(fields)
  local names, found = {}, {}
  for name in pairs(fields) do names[#names + 1] = name end
  table.sort(names)
  for i, name in ipairs(names) do found[2 * i - 1], found[2 * i] = name, str(fields[name]) end
  found[0] = 2 * #names
  return found
end`,
  },
  many: {
    lua: `
local function many(isSum, none, command, key, list)
  local n, sum, last = list[0], 0, 0
  if n == 0 then return none and redis.call(none, key) or 0 end
  for from = 1, n, 1000 do
    last = redis.call(command, key, unpack(list, from, math.min(from + 999, n)))
    sum = sum + last
  end
  return isSum and sum or last
end`,
  },
}

/** The names of the pieces, the library's included. */
export function preludeOf(used: ReadonlySet<string>, library: Readonly<Record<string, Piece>>): readonly string[] {
  const all: Readonly<Record<string, Piece>> = { ...PIECES, ...library }
  const wanted = new Set<string>()
  const want = (name: string): void => {
    const piece = all[name]
    if (piece === undefined) throw new TypeError(`no piece of the prelude is named ${name}`)
    if (wanted.has(name)) return
    wanted.add(name)
    for (const needed of piece.needs ?? []) want(needed)
  }
  for (const name of used) want(name)
  const order = Object.keys(all)
  return [...wanted]
    .sort((a, b) => order.indexOf(a) - order.indexOf(b))
    .flatMap((name) => (all[name]?.lua ?? '').trim().split('\n'))
}

/** The names that pieces take in Lua. */
export const PIECE_NAMES: readonly string[] = [...Object.keys(PIECES), 'quoted', 'now']

export type { Piece }
