import { expect, test } from 'vitest'
import { Hearing } from './hearing.ts'
import { Notifications } from './notifications.ts'
import { PubSub } from './pubsub.ts'

/** What redis-server 7.0.15 answers to CONFIG GET after each of these. */
test.each([
  ['KEA', 'AKE'],
  ['KElsg$', 'g$lsKE'],
  ['KEmA', 'AKEm'],
  ['nKEAm', 'AKEm'],
  ['Kxe', 'xeK'],
  ['E', 'E'],
  ['A', 'A'],
  ['', ''],
  ['dtezhslx$gKE', 'AKE'],
])('%s is printed as %s', (set, printed) => {
  const notifications = new Notifications(new PubSub(new Hearing()))
  expect(notifications.configure(set)).toBe(true)
  expect(notifications.flags).toBe(printed)
})

test('an unknown letter changes nothing', () => {
  const notifications = new Notifications(new PubSub(new Hearing()))
  notifications.configure('KA')
  expect(notifications.configure('KEq')).toBe(false)
  expect(notifications.flags).toBe('AK')
})
