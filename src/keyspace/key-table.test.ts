import fc from 'fast-check'
import { expect, test } from 'vitest'
import { raw } from '../base/bytes.ts'
import { settleAll } from '../structures/settle.ts'
import { KeyTable } from './key-table.ts'

const step = fc.tuple(
  fc.constantFrom('set', 'set', 'look', 'remove', 'expire', 'settle'),
  fc.integer({ min: 0, max: 8 }),
)

test('whatever was looked up before, a key is found where it is and nowhere else', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const table = new KeyTable()
      const model = new Map<string, { value: number; deadline: number }>()
      steps.forEach(([what, n], i) => {
        const key = raw(`key:${n}`)
        const slot = table.slotOf(key)
        expect(slot >= 0).toBe(model.has(key))
        if (what === 'set') {
          const deadline = model.get(key)?.deadline ?? 0
          if (slot < 0) table.add(key, i)
          else table.setAt(slot, i)
          model.set(key, { value: i, deadline })
        } else if (what === 'remove' && slot >= 0) {
          table.removeAt(slot)
          model.delete(key)
        } else if (what === 'expire' && slot >= 0) {
          table.deadlines.set(slot, i + 1)
          model.set(key, { value: Number(table.valueAt(slot)), deadline: i + 1 })
        } else if (what === 'settle') settleAll()
      })
      for (let n = 0; n <= 8; n++) {
        const key = raw(`key:${n}`)
        const slot = table.slotOf(key)
        const found = slot < 0 ? undefined : { value: table.valueAt(slot), deadline: table.deadlines.of(slot) }
        expect(found).toEqual(model.get(key))
        if (slot >= 0) expect(table.keyAt(slot)).toBe(key)
      }
    }),
  )
})
