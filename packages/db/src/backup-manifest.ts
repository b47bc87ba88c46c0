import { z } from 'zod'

const BackupFile = z.object({
  rows: z.number().int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type BackupFile = z.infer<typeof BackupFile>

/** What a back-up is made of. It is written last: a folder without one is no back-up. */
export const BackupManifest = z.object({
  version: z.literal(1),
  takenAt: z.coerce.date(),
  migrations: z.array(z.string()),
  tables: z.array(BackupFile.extend({ name: z.string(), columns: z.array(z.string()) })),
  sequences: z.array(z.object({ name: z.string(), value: z.number().int() })),
})
export type BackupManifest = z.infer<typeof BackupManifest>

export const MANIFEST_FILE = 'manifest.json'
/** Beside the back-ups, of all of them: only the newest is kept, so whoever was erased since is in none of them. */
export const NEWEST_FILES = { subject_key: 'subject-keys', erasure: 'erasures' } as const
