import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { precompress } from './build/precompress.ts'

/** A gateway of `npm start`, for `pnpm --filter @sms-gateway/admin-web dev`. */
const GATEWAY = 'http://127.0.0.1:3000'

export default defineConfig({
  plugins: [react(), precompress()],
  build: {
    target: 'es2022',
    // Those that know light-dark(): else it is rewritten into something that does not follow our switch.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The policy of the page refuses what is written into it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { port: 5173, strictPort: true, proxy: { '/api': { target: GATEWAY } } },
})
