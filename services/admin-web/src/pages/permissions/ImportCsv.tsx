import { Alert, Button, FileInput, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ImportResponse } from '@sms-gateway/contracts/opt-outs'
import { request } from '../../api/request.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Fields } from '../../parts/form-parts.tsx'
import { FormButton } from '../../parts/FormButton.tsx'
import { countRows } from './count-rows.ts'
import { csvWords } from './csv-words.ts'
import { ImportReport } from './ImportReport.tsx'
import type { List } from './paths.ts'

const LIMIT_MS = 600_000

/** A file of either list: how many rows it has, then what became of each. */
export function ImportCsv({ list }: { list: List }) {
  const words = useWords(csvWords)
  return (
    <FormButton label={words.importIt} title={words.importTitle[list]} icon="upload" isQuiet>
      {() => <ImportForm list={list} />}
    </FormButton>
  )
}

function ImportForm({ list }: { list: List }) {
  const words = useWords(csvWords)
  const { number } = useFormat()
  const client = useQueryClient()
  const [file, setFile] = useState<File | null>(null)
  const [rows, setRows] = useState(0)
  const send = useMutation({
    mutationFn: (body: File) =>
      request<ImportResponse>(`/${list}/import`, {
        method: 'POST',
        body,
        // Windows calls a CSV a document of Excel.
        headers: { 'content-type': 'text/csv' },
        limitMs: LIMIT_MS,
      }),
    onSettled: () => client.invalidateQueries({ queryKey: [`/${list}`] }),
  })
  const choose = async (chosen: File | null) => {
    send.reset()
    setRows(chosen ? countRows(await chosen.text()) : 0)
    setFile(chosen)
  }
  if (send.data) {
    return (
      <Stack>
        <ImportReport report={send.data} />
        <Button variant="default" onClick={() => void choose(null)}>
          {words.another}
        </Button>
      </Stack>
    )
  }
  return (
    <Fields
      error={send.error}
      isSaving={send.isPending}
      saveLabel={words.go(number(rows))}
      submit={() => {
        if (file && rows > 0) send.mutate(file)
      }}
    >
      <Text c="dimmed">{words.columns[list]}</Text>
      <FileInput
        label={words.file}
        placeholder={words.choose}
        accept=".csv,text/csv"
        required
        clearable
        clearButtonProps={{ 'aria-label': words.another }}
        value={file}
        onChange={(chosen) => void choose(chosen)}
      />
      {file && (
        <Alert role="status" color={rows === 0 ? 'red' : undefined}>
          <Text c="var(--ink)">{rows === 0 ? words.noRows : words.rows(number(rows))}</Text>
        </Alert>
      )}
    </Fields>
  )
}
