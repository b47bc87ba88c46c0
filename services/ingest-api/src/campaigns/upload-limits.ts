/** What one upload, one client and all of them together may take of a process. */
export interface UploadLimits {
  /** Without a byte for so long it is given up. */
  idleMs: number
  /** From its first byte to its last. */
  totalMs: number
  /** On their way at once. */
  perClient: number
  /** Of all clients: each holds a piece of its file in memory, and no more. */
  inAll: number
}

const SECOND = 1_000

/** 256 MiB in half an hour is 1.2 Mbit/s: slower than any line that has such a file. */
export const UPLOAD_LIMITS: UploadLimits = {
  idleMs: 30 * SECOND,
  totalMs: 1_800 * SECOND,
  perClient: 2,
  inAll: 20,
}
