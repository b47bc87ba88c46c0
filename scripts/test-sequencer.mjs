import Sequencer from '@jest/test-sequencer'

/** What starts processes and browsers takes longest: begun last, it would run alone while the other workers wait. */
const LONG_FIRST = [
  /[/\\]chaos[/\\]test[/\\]/,
  /kill[^/\\]*\.test\.ts$/,
  /[/\\]admin-web[/\\]test[/\\]/,
  /[/\\](all-in-one|dispatcher)[/\\]test[/\\]/,
  /[/\\]services[/\\][^/\\]+[/\\]test[/\\]/,
  /[/\\]test[/\\]/,
]

export default class LongFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a.path) - rank(b.path))
  }
}

function rank(path) {
  const found = LONG_FIRST.findIndex((pattern) => pattern.test(path))
  return found === -1 ? LONG_FIRST.length : found
}
