// The words of the pages ask the browser for its language as they are loaded, and Node 20 has no `navigator`.
Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en'] }, configurable: true })
