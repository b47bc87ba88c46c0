export type Leave = () => void

/**
 * How many messages of a lane this process has claimed at once. A provider that hangs keeps its own share of them;
 * what is not let in yet waits in the queue, claimed by nobody.
 */
export interface Admission {
  enter(count: number): Promise<Leave>
}

interface Waiting {
  count: number
  enter: (leave: Leave) => void
}

export function createAdmission(maxInside: number): Admission {
  const line: Waiting[] = []
  let inside = 0

  const fits = (count: number) => inside === 0 || inside + count <= maxInside
  const letIn = (count: number): Leave => {
    inside += count
    let left = false
    return () => {
      if (left) return
      left = true
      inside -= count
      while (line[0] && fits(line[0].count)) {
        const next = line.shift()
        next?.enter(letIn(next.count))
      }
    }
  }
  return {
    enter(count) {
      if (line.length === 0 && fits(count)) return Promise.resolve(letIn(count))
      return new Promise((enter) => {
        line.push({ count, enter })
      })
    },
  }
}
