/**
 * Manifests: scripts compiled beforehand (`geartrain scripts build`).
 *
 * The one idea: an entry counts only for the source that it was made of, which its hash tells; otherwise the script is
 * compiled as if there were none. So a stale manifest costs time, never correctness.
 */
import type { ManifestEntry } from '../../script/manifest.ts'

export type { ManifestEntry }

/** What `geartrain scripts build` writes. */
export interface ScriptManifest {
  readonly version: 1
  readonly scripts: readonly ManifestEntry[]
}

/** The entry of a name. Throws a TypeError for what is no manifest. */
export function entryNamed(manifest: ScriptManifest, name: string): ManifestEntry | undefined {
  if (manifest.version !== 1 || !Array.isArray(manifest.scripts)) {
    throw new TypeError('this is no manifest of scripts that this version reads: build it again')
  }
  return manifest.scripts.find((entry) => entry.name === name)
}
