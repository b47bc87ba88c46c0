// The first file that runs on a new machine. It must parse on any Node since 12: an old one gets one clear line.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    'This needs Node 20.19 or newer, and this is ' +
      process.version +
      ': install a newer one from https://nodejs.org, then run the command again.',
  )
  process.exit(1)
} else {
  import('./set-up/main.mjs').then((setUp) => setUp.main(process.argv[2] || 'start'))
}
