import { useDebouncedValue } from '@mantine/hooks'
import type { PreviewResponse } from '@sms-gateway/contracts/template-preview'
import { usePreview } from '../../api/use-preview.ts'

const TYPING_MS = 300
/** A template that need not be there: the gateway looks at the text alone. */
const NO_CODE = 'new'

/** What a text would take, with the company's name that the gateway puts before it. */
export function useSegments(text: string): PreviewResponse | undefined {
  const [content] = useDebouncedValue(text.trim(), TYPING_MS)
  const { data } = usePreview({ code: NO_CODE, content, template_data: {} })
  return text.trim() === '' ? undefined : data
}
