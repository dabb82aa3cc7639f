import { describe, expect, test } from 'vitest'
import { raw } from '../base/bytes.ts'
import { seededRandom } from '../base/random.ts'
import { distance } from './geo-distance.ts'
import { type Shape, search } from './geo-search.ts'
import { placeOf, scoreOf } from './geohash.ts'
import { SortedSet } from './sorted-set.ts'

const random = seededRandom(3)
const around = (middle: number, far: number): number => middle + (random.below(2001) / 1000 - 1) * far
const members = Array.from({ length: 500 }, (_, i) => ({
  member: raw(`m${i}`),
  score: scoreOf({ longitude: around(10, 3), latitude: around(50, 2) }),
}))
const set = new SortedSet()
for (const { member, score } of members) set.set(member, score)

const found = (shape: Shape, limit = 0): string[] => search(set, shape, limit, false).map(({ member }) => member)

describe('a search', () => {
  test('finds in a circle what measuring every member finds', () => {
    for (let i = 0; i < 200; i++) {
      const centre = { longitude: around(10, 3), latitude: around(50, 2) }
      const radius = random.below(300_000)
      const near = members.filter(({ score }) => distance(centre, placeOf(score)) <= radius)
      expect(found({ kind: 'circle', centre, radius }).sort()).toEqual(near.map(({ member }) => member).sort())
    }
  })

  test('finds in a box what lies less than half its sides away', () => {
    const centre = { longitude: 10, latitude: 50 }
    const shape = { kind: 'box', centre, width: 100_000, height: 200_000 } as const
    const inside = members.filter(({ score }) => {
      const { longitude, latitude } = placeOf(score)
      const across = distance({ longitude, latitude }, { longitude: 10, latitude })
      const up = distance({ longitude, latitude: 50 }, { longitude, latitude })
      return across <= 50_000 && up <= 100_000
    })
    expect(inside.length).toBeGreaterThan(10)
    expect(found(shape).sort()).toEqual(inside.map(({ member }) => member).sort())
  })

  test('ends when enough were found', () => {
    const shape = { kind: 'circle', centre: { longitude: 10, latitude: 50 }, radius: 1e6 } as const
    expect(found(shape, 7)).toEqual(found(shape).slice(0, 7))
    expect(found(shape)).toHaveLength(members.length)
  })
})
