/**
 * IndexedSet: a set of byte strings with stable cursors and O(1) random members.
 *
 * The one idea: IndexedKeys without a value column.
 */
import type { Bytes } from '../base/bytes.ts'
import { IndexedKeys } from './indexed-keys.ts'

export class IndexedSet extends IndexedKeys {
  /** Adds a member; answers whether it is new. */
  add(member: Bytes): boolean {
    return this.claim(member) < 0
  }

  protected override moved(): void {}

  protected override popped(): void {}

  protected override cleared(): void {}
}
