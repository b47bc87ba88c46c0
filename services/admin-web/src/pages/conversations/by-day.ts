/** Turns as they came, under the days of the browser's time zone. */
export function byDay<T extends { at: string }>(
  turns: readonly T[],
  dayOf: (at: string) => string,
): { day: string; turns: T[] }[] {
  const days: { day: string; turns: T[] }[] = []
  for (const turn of turns) {
    const day = dayOf(turn.at)
    const last = days.at(-1)
    if (last?.day === day) last.turns.push(turn)
    else days.push({ day, turns: [turn] })
  }
  return days
}
