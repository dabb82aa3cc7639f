/** Geo commands. */
import { geoadd } from './add.ts'
import { georadius, georadiusbymember, georadiusbymemberRo, georadiusRo } from './radius.ts'
import { geodist, geohash, geopos } from './read.ts'
import { geosearch, geosearchstore } from './search.ts'

export const geoCommands = [
  geoadd,
  geopos,
  geodist,
  geohash,
  geosearch,
  geosearchstore,
  georadius,
  georadiusRo,
  georadiusbymember,
  georadiusbymemberRo,
]
