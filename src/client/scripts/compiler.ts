/** The compiler of scripts: from a function's text to its tree, from a tree to Lua. */
import { treeOf } from '../../script/front/compile.ts'
import { printLua } from '../../script/lua/print.ts'
import type { Compiler } from './definition.ts'

export const compiler: Compiler = { tree: treeOf, print: printLua }
