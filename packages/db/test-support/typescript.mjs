import { register } from 'node:module'

// `?cache=FOLDER`, see spawn-typescript.ts.
const cache = new URL(import.meta.url).searchParams.get('cache')
register('./typescript-hooks.mjs', { parentURL: import.meta.url, data: { cache } })
