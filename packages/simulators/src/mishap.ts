import type { Script } from './script.ts'

/** What goes wrong with one request, if anything. */
export type Mishap =
  'none' | 'drop' | 'error' | 'bad-gateway' | 'bad-gateway-taken' | 'lose-answer' | 'hang'

export function drawMishap(script: Script, random: () => number): Mishap {
  const happens = (rate: number): boolean => rate > 0 && random() < rate
  if (happens(script.dropBeforeTakingRate)) return 'drop'
  if (happens(script.errorRate)) return 'error'
  if (happens(script.http502Rate)) {
    return happens(script.http502TakenRate) ? 'bad-gateway-taken' : 'bad-gateway'
  }
  if (happens(script.loseAnswerRate)) return 'lose-answer'
  return happens(script.hangRate) ? 'hang' : 'none'
}
