import { useWords } from '../i18n/words.ts'
import { problemWords } from '../parts/words.ts'
import { ApiProblem } from './problem.ts'

/** One clear sentence for whatever went wrong, in the reader's language where we have it. */
export function useSentence(): (err: unknown) => string {
  const words = useWords(problemWords)
  return (err) => {
    if (!(err instanceof ApiProblem)) return words['unavailable'] ?? ''
    const sentence = words[err.code] ?? err.message
    const [field] = err.fields
    return field ? `${sentence} ${field.path}: ${field.message}` : sentence
  }
}
