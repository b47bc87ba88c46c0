import { requestFile } from '../../api/request.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { downloadFile } from '../../parts/download.ts'
import { Icon } from '../../parts/Icon.tsx'
import { csvWords } from './csv-words.ts'
import type { List } from './paths.ts'

const LIMIT_MS = 600_000

/** With whole numbers: masked, the file would be of no use, and could not be imported again. */
export function ExportCsv({ list }: { list: List }) {
  const words = useWords(csvWords)
  return (
    <ConfirmAction
      label={words.exportIt}
      title={words.exportTitle}
      confirm={words.exportIt}
      leftSection={<Icon name="download" size={16} />}
      act={async () => {
        const file = await requestFile(`/${list}/export`, { unmask: true, limitMs: LIMIT_MS })
        downloadFile(`${list}.csv`, file)
      }}
    >
      {words.exportText}
    </ConfirmAction>
  )
}
