/** INFO's memory section: Redis' names, our numbers. Names of what we do not have (Lua, jemalloc's pages) are left out. */
import type { Figures } from './figures.ts'
import type { Memory } from './memory.ts'

type Fields = readonly (readonly [name: string, value: string | number])[]

/** The lines of the section. */
export function memoryFields(memory: Memory, policy: string): Fields {
  const figures = memory.figures()
  const { used, peak, overhead, startup, dataset, datasetPercent, resident, clients } = figures
  return [
    ...sized('used_memory', used),
    ...sized('used_memory_rss', resident),
    // The largest that was seen, by asking or while commands ran.
    ...sized('used_memory_peak', peak),
    ['used_memory_peak_perc', percent((used / peak) * 100)],
    ['used_memory_overhead', overhead],
    ['used_memory_startup', startup],
    ['used_memory_dataset', dataset],
    ['used_memory_dataset_perc', percent(datasetPercent)],
    ['allocator_allocated', figures.allocated],
    ['allocator_active', figures.active],
    ['allocator_resident', resident],
    ...sized('total_system_memory', figures.machine),
    ...sized('maxmemory', memory.limit),
    ['maxmemory_policy', policy],
    ...ratios(figures),
    ['mem_not_counted_for_evict', 0],
    ['mem_clients_slaves', 0],
    ['mem_clients_normal', clients],
    ['mem_allocator', 'v8'],
    ['active_defrag_running', 0],
    ['lazyfree_pending_objects', 0],
    ['lazyfreed_objects', 0],
  ]
}

/** Of V8's heap, not of `used_memory`: a process of 60 MB with one key is not fragmented. */
function ratios({ allocated, active, resident }: Figures): Fields {
  return [
    ['allocator_frag_ratio', (active / allocated).toFixed(2)],
    ['allocator_frag_bytes', active - allocated],
    ['allocator_rss_ratio', (resident / active).toFixed(2)],
    ['allocator_rss_bytes', resident - active],
    ['mem_fragmentation_ratio', (resident / allocated).toFixed(2)],
    ['mem_fragmentation_bytes', resident - allocated],
  ]
}

const percent = (share: number): string => `${share.toFixed(2)}%`

const sized = (name: string, size: number): Fields => [
  [name, size],
  [`${name}_human`, human(size)],
]

/** `1.06M`, as Redis rounds it. */
export function human(size: number): string {
  if (size < 1024) return `${size}B`
  const units = ['K', 'M', 'G', 'T']
  const power = Math.min(Math.floor(Math.log(size) / Math.log(1024)), units.length)
  return `${(size / 1024 ** power).toFixed(2)}${units[power - 1]}`
}
