import { Text } from '@mantine/core'
import { useWords } from '../i18n/words.ts'
import { rowWords, warningWords } from './reason-words.ts'

/** As the API gives it: a code to decide by, and a sentence in English. */
interface Reason {
  code: string
  detail: string
}

/** Why a text may not arrive, in the reader's language where we have it. */
export function useWarning(): (warning: Reason) => string {
  const words = useWords(warningWords)
  return ({ code, detail }) => words[code] ?? detail
}

/** Why a row of a file was not taken: the kind in the reader's language, and the API's sentence, which says more. */
export function RowReason({ code, detail }: Reason) {
  const known = useWords(rowWords)[code]
  return (
    <>
      {known ?? detail} <span className="mono">({code})</span>
      {known !== undefined && (
        <Text size="xs" c="dimmed" lang="en">
          {detail}
        </Text>
      )}
    </>
  )
}
