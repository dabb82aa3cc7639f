/**
 * The list of tables with deletions to settle, emptied at the end of each unit.
 *
 * The one idea: a deleted key keeps its slot until the unit ends, so that a key which a unit deletes and adds again never
 * moves and no SCAN can miss it. The engine calls `settleAll` after each unit. An early or additional call is harmless to
 * the data: it only ends that courtesy early, and slot numbers held across the call may mean other keys.
 * Invariant: a table stands in the list at most once (it remembers that itself).
 */

/** Something that puts off work until the unit ends. */
export interface Settling {
  settle(): void
}

/** Tables with deletions to settle. */
export const deletions: Settling[] = []

/** Asks for `table.settle()` at the end of the unit. */
export function settleLater(table: Settling): void {
  deletions.push(table)
}

/** Settles every table that asked for it: called by the engine at the end of each unit. */
export function settleAll(): void {
  // Popped rather than cut to length 0, which would give the list's memory away after every unit.
  while (deletions.length > 0) deletions.pop()!.settle()
}
