/** Where answers wait, however long, until whoever scripts the simulator lets them all go. */
export interface AnswerGate {
  wait(): Promise<void>
  open(): void
}

export function createAnswerGate(): AnswerGate {
  const waiting: (() => void)[] = []
  return {
    wait: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
      }),
    open() {
      for (const letGo of waiting.splice(0)) letGo()
    },
  }
}
