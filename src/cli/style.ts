/**
 * Colours, on terminals that want them only (NO_COLOR is heeded).
 */
interface Stream {
  readonly isTTY?: boolean
}

type Paint = (text: string) => string

/** The program's few styles, for one stream. */
export function style(stream: Stream): Readonly<Record<'bold' | 'dim' | 'red' | 'green' | 'cyan', Paint>> {
  const on = stream.isTTY === true && !process.env.NO_COLOR
  const paint =
    (code: number, end: number): Paint =>
    (text) =>
      on ? `\x1b[${code}m${text}\x1b[${end}m` : text
  return { bold: paint(1, 22), dim: paint(2, 22), red: paint(31, 39), green: paint(32, 39), cyan: paint(36, 39) }
}
