/** Typed methods of the geo commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text, Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The geo commands as methods. */
export interface GeoMethods<M, S> {
  /** `GEOADD key [NX | XX] [CH] longitude latitude member [longitude latitude member ...]`: Puts members at places, on conditions; answers how many are new, with CH how many moved too. */
  geoadd(
    key: Text,
    places: readonly (readonly [number, number, Value])[] | readonly Value[],
    options?: { nx?: boolean; xx?: boolean; ch?: boolean },
  ): Returned<M, number>
  /** `GEODIST key member1 member2 [M | KM | FT | MI]`: Gives the distance between two members, in metres or another unit. */
  geodist(
    key: Text,
    member1: Value,
    member2: Value,
    options?: { unit?: 'M' | 'KM' | 'FT' | 'MI' },
  ): Returned<M, number | null>
  /** `GEOHASH key [member [member ...]]`: Gives the places of members as the 11 letters of geohash.org. */
  geohash(key: Text, members?: Value | readonly Value[]): Returned<M, (S | null)[]>
  /** `GEOPOS key [member [member ...]]`: Gives the longitudes and latitudes of members. */
  geopos(key: Text, members?: Value | readonly Value[]): Returned<M, ([number, number] | null)[]>
  /** `GEORADIUS key longitude latitude radius <M | KM | FT | MI> [ASC | DESC] [COUNT count] [ANY] [WITHCOORD] [WITHDIST] [WITHHASH] [STORE storekey | STOREDIST storedistkey]`: Gives or stores the members in a circle around a place. */
  georadius(
    key: Text,
    longitude: number,
    latitude: number,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist?: boolean
      withhash?: boolean
      store?: Text
      storedist: Text
    },
  ): Returned<M, number>
  georadius(
    key: Text,
    longitude: number,
    latitude: number,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist?: boolean
      withhash?: boolean
      store: Text
      storedist?: Text
    },
  ): Returned<M, number>
  georadius(
    key: Text,
    longitude: number,
    latitude: number,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist?: boolean
      withhash: true
      store?: Text
      storedist?: Text
    },
  ): Returned<M, { member: S; distance?: number; hash: number; position?: [number, number] }[]>
  georadius(
    key: Text,
    longitude: number,
    latitude: number,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist: true
      withhash?: boolean
      store?: Text
      storedist?: Text
    },
  ): Returned<M, { member: S; distance: number; hash?: number; position?: [number, number] }[]>
  georadius(
    key: Text,
    longitude: number,
    latitude: number,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord: true
      withdist?: boolean
      withhash?: boolean
      store?: Text
      storedist?: Text
    },
  ): Returned<M, { member: S; distance?: number; hash?: number; position: [number, number] }[]>
  georadius(
    key: Text,
    longitude: number,
    latitude: number,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options?: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist?: boolean
      withhash?: boolean
      store?: Text
      storedist?: Text
    },
  ): Returned<M, S[]>
  /** `GEORADIUSBYMEMBER key member radius <M | KM | FT | MI> [ASC | DESC] [COUNT count] [ANY] [WITHCOORD] [WITHDIST] [WITHHASH] [STORE storekey | STOREDIST storedistkey]`: Gives or stores the members in a circle around a member. */
  georadiusbymember(
    key: Text,
    member: Value,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist?: boolean
      withhash?: boolean
      store?: Text
      storedist: Text
    },
  ): Returned<M, number>
  georadiusbymember(
    key: Text,
    member: Value,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist?: boolean
      withhash?: boolean
      store: Text
      storedist?: Text
    },
  ): Returned<M, number>
  georadiusbymember(
    key: Text,
    member: Value,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist?: boolean
      withhash: true
      store?: Text
      storedist?: Text
    },
  ): Returned<M, { member: S; distance?: number; hash: number; position?: [number, number] }[]>
  georadiusbymember(
    key: Text,
    member: Value,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist: true
      withhash?: boolean
      store?: Text
      storedist?: Text
    },
  ): Returned<M, { member: S; distance: number; hash?: number; position?: [number, number] }[]>
  georadiusbymember(
    key: Text,
    member: Value,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord: true
      withdist?: boolean
      withhash?: boolean
      store?: Text
      storedist?: Text
    },
  ): Returned<M, { member: S; distance?: number; hash?: number; position: [number, number] }[]>
  georadiusbymember(
    key: Text,
    member: Value,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options?: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist?: boolean
      withhash?: boolean
      store?: Text
      storedist?: Text
    },
  ): Returned<M, S[]>
  /** `GEORADIUSBYMEMBER_RO key member radius <M | KM | FT | MI> [ASC | DESC] [COUNT count] [ANY] [WITHCOORD] [WITHDIST] [WITHHASH]`: Gives the members in a circle around a member. */
  georadiusbymember_ro(
    key: Text,
    member: Value,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist?: boolean
      withhash: true
    },
  ): Returned<M, { member: S; distance?: number; hash: number; position?: [number, number] }[]>
  georadiusbymember_ro(
    key: Text,
    member: Value,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist: true
      withhash?: boolean
    },
  ): Returned<M, { member: S; distance: number; hash?: number; position?: [number, number] }[]>
  georadiusbymember_ro(
    key: Text,
    member: Value,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord: true
      withdist?: boolean
      withhash?: boolean
    },
  ): Returned<M, { member: S; distance?: number; hash?: number; position: [number, number] }[]>
  georadiusbymember_ro(
    key: Text,
    member: Value,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options?: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist?: boolean
      withhash?: boolean
    },
  ): Returned<M, S[]>
  /** `GEORADIUS_RO key longitude latitude radius <M | KM | FT | MI> [ASC | DESC] [COUNT count] [ANY] [WITHCOORD] [WITHDIST] [WITHHASH]`: Gives the members in a circle around a place. */
  georadius_ro(
    key: Text,
    longitude: number,
    latitude: number,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist?: boolean
      withhash: true
    },
  ): Returned<M, { member: S; distance?: number; hash: number; position?: [number, number] }[]>
  georadius_ro(
    key: Text,
    longitude: number,
    latitude: number,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist: true
      withhash?: boolean
    },
  ): Returned<M, { member: S; distance: number; hash?: number; position?: [number, number] }[]>
  georadius_ro(
    key: Text,
    longitude: number,
    latitude: number,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord: true
      withdist?: boolean
      withhash?: boolean
    },
  ): Returned<M, { member: S; distance?: number; hash?: number; position: [number, number] }[]>
  georadius_ro(
    key: Text,
    longitude: number,
    latitude: number,
    radius: number,
    unit: 'M' | 'KM' | 'FT' | 'MI',
    options?: {
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist?: boolean
      withhash?: boolean
    },
  ): Returned<M, S[]>
  /** `GEOSEARCH key [FROMMEMBER member | FROMLONLAT longitude latitude] [BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>] [ASC | DESC] [COUNT count] [ANY] [WITHCOORD] [WITHDIST] [WITHHASH]`: Gives the members in a circle or box around a place or a member. */
  geosearch(
    key: Text,
    options: {
      frommember?: Value
      fromlonlat?: readonly [number, number]
      byradius?: readonly [number, 'M' | 'KM' | 'FT' | 'MI']
      bybox?: readonly [number, number, 'M' | 'KM' | 'FT' | 'MI']
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist?: boolean
      withhash: true
    },
  ): Returned<M, { member: S; distance?: number; hash: number; position?: [number, number] }[]>
  geosearch(
    key: Text,
    options: {
      frommember?: Value
      fromlonlat?: readonly [number, number]
      byradius?: readonly [number, 'M' | 'KM' | 'FT' | 'MI']
      bybox?: readonly [number, number, 'M' | 'KM' | 'FT' | 'MI']
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist: true
      withhash?: boolean
    },
  ): Returned<M, { member: S; distance: number; hash?: number; position?: [number, number] }[]>
  geosearch(
    key: Text,
    options: {
      frommember?: Value
      fromlonlat?: readonly [number, number]
      byradius?: readonly [number, 'M' | 'KM' | 'FT' | 'MI']
      bybox?: readonly [number, number, 'M' | 'KM' | 'FT' | 'MI']
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord: true
      withdist?: boolean
      withhash?: boolean
    },
  ): Returned<M, { member: S; distance?: number; hash?: number; position: [number, number] }[]>
  geosearch(
    key: Text,
    options?: {
      frommember?: Value
      fromlonlat?: readonly [number, number]
      byradius?: readonly [number, 'M' | 'KM' | 'FT' | 'MI']
      bybox?: readonly [number, number, 'M' | 'KM' | 'FT' | 'MI']
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      withcoord?: boolean
      withdist?: boolean
      withhash?: boolean
    },
  ): Returned<M, S[]>
  /** `GEOSEARCHSTORE destination source [FROMMEMBER member | FROMLONLAT longitude latitude] [BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>] [ASC | DESC] [COUNT count] [ANY] [STOREDIST]`: Stores the members in a circle or box under another key, with their scores or distances. */
  geosearchstore(
    destination: Text,
    source: Text,
    options?: {
      frommember?: Value
      fromlonlat?: readonly [number, number]
      byradius?: readonly [number, 'M' | 'KM' | 'FT' | 'MI']
      bybox?: readonly [number, number, 'M' | 'KM' | 'FT' | 'MI']
      asc?: boolean
      desc?: boolean
      count?: number
      any?: boolean
      storedist?: boolean
    },
  ): Returned<M, number>
}
