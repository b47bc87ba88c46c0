const TICK_MS = 5_000

/** Says what is being done, that it still is, and how long it took. */
export async function step(label, work) {
  const began = Date.now()
  const seconds = () => ((Date.now() - began) / 1000).toFixed(1)
  console.log(`${label} ...`)
  const timer = setInterval(() => console.log(`${label} ... ${seconds()} s`), TICK_MS)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  console.log(`${label}: done in ${seconds()} s`)
}
