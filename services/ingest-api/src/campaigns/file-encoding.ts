export type FileEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'big5'

export interface EncodingProbe {
  push(bytes: Uint8Array): void
  /** Of all that was pushed. */
  encoding(): FileEncoding
}

/**
 * What a file is written in: UTF-16 by its mark, UTF-8 where every byte fits it, else Big5, as a spreadsheet in Taiwan
 * writes it. Only the whole file says so: a million rows of digits may end in a name.
 */
export function createEncodingProbe(): EncodingProbe {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let isUtf8 = true
  let head = Buffer.alloc(0)
  return {
    push(bytes) {
      if (head.length < 2) head = Buffer.concat([head, bytes.subarray(0, 2)])
      if (!isUtf8) return
      try {
        utf8.decode(bytes, { stream: true })
      } catch {
        isUtf8 = false
      }
    },
    encoding() {
      const mark = head.toString('hex', 0, 2)
      if (mark === 'fffe') return 'utf-16le'
      if (mark === 'feff') return 'utf-16be'
      return isUtf8 ? 'utf-8' : 'big5'
    },
  }
}

/** The text of the pieces; a character may lie across two of them. */
export async function* decodeTexts(
  pieces: AsyncIterable<Uint8Array>,
  encoding: FileEncoding,
): AsyncGenerator<string> {
  // Without a mark of its own in the text: the decoder takes it off.
  const decoder = new TextDecoder(encoding)
  for await (const piece of pieces) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}
