import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cellOf, edgesOf, isOnMap, lettersOf, neighbour, placeOf, scoreOf, scoresOf } from './geohash.ts'

const onMap = fc.record({
  longitude: fc.double({ min: -180, max: 179.999999, noNaN: true }),
  latitude: fc.double({ min: -85.05112878, max: 85.051128, noNaN: true }),
})

describe('a place as a score', () => {
  test('is the one that the documentation of GEOHASH shows', () => {
    const palermo = { longitude: 13.361389, latitude: 38.115556 }
    expect(scoreOf(palermo)).toBe(3479099956230698)
    expect(lettersOf(placeOf(3479099956230698))).toBe('sqc8b49rny0')
  })

  test('comes back within a metre, and with the same score', () => {
    fc.assert(
      fc.property(onMap, (place) => {
        const score = scoreOf(place)
        const back = placeOf(score)
        expect(scoreOf(back)).toBe(score)
        expect(Math.abs(back.longitude - place.longitude)).toBeLessThan(1e-5)
        expect(Math.abs(back.latitude - place.latitude)).toBeLessThan(1e-5)
      }),
    )
  })

  test('lies in the range of every cell around it', () => {
    fc.assert(
      fc.property(onMap, fc.integer({ min: 1, max: 26 }), (place, step) => {
        const cell = cellOf(place, step)
        const { min, max } = scoresOf(cell)
        const score = scoreOf(place)
        expect(score >= min && score < max).toBe(true)
        const { west, east, south, north } = edgesOf(cell)
        const within = (value: number, from: number, to: number): boolean => value > from - 1e-9 && value < to + 1e-9
        expect(within(place.longitude, west, east) && within(place.latitude, south, north)).toBe(true)
      }),
    )
  })

  test('is found for any score', () => {
    for (const score of [-1, -Infinity, Infinity, 1.5, 2 ** 63, -(2 ** 63), 1e300]) {
      expect(isOnMap(placeOf(score))).toBe(true)
    }
  })
})

describe('neighbours', () => {
  test('go around the world', () => {
    const corner = { step: 3, column: 7, row: 0 }
    expect(neighbour(corner, 1, -1)).toEqual({ step: 3, column: 0, row: 7 })
    expect(neighbour(corner, -1, 1)).toEqual({ step: 3, column: 6, row: 1 })
  })

  test('of the upper edges are those of the lowest, but only along the step', () => {
    const edge = cellOf({ longitude: 180, latitude: 0 }, 2)
    expect(edge.column).toBe(4)
    expect(neighbour(edge, 1, 0).column).toBe(1)
    expect(neighbour(edge, 0, 1)).toEqual({ step: 2, column: 4, row: 3 })
  })
})
