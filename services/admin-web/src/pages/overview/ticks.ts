/** Where an axis from 0 has its lines: 1, 2 or 5 times a power of ten apart, whole, the last at `max` or above. */
export function listTicks(max: number, wanted = 4): number[] {
  const rough = Math.max(max, 1) / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(
    1,
    [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? 1,
  )
  const count = Math.ceil(Math.max(max, 1) / step)
  return Array.from({ length: count + 1 }, (_, index) => index * step)
}
