import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { KeywordAnswerResponse } from '@sms-gateway/contracts/conversations'
import { request } from '../../api/request.ts'
import { useMay } from '../../api/session.ts'
import { usePages } from '../../api/use-pages.ts'
import { useSave } from '../../api/use-save.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { FormModal } from '../../parts/form-parts.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { Empty } from '../../parts/states.tsx'
import { Time } from '../../parts/values.tsx'
import { answerWords } from './answer-words.ts'
import { AnswerForm, ANSWERS, toPath } from './AnswerForm.tsx'

type Answer = KeywordAnswerResponse
/** `new` for one that is to be. */
type Edited = Answer | 'new' | null

/** Words of the signed-in client, and what they are answered with. */
export function KeywordAnswers() {
  const words = useWords(answerWords)
  const may = useMay()
  const list = usePages<Answer>(ANSWERS)
  const [edited, setEdited] = useState<Edited>(null)
  const close = () => {
    setEdited(null)
  }
  const mayEdit = may('templates')
  const actions = (answer: Answer) =>
    mayEdit ? <Actions {...{ answer, edit: setEdited }} /> : null
  const add = mayEdit && (
    <Button
      size="sm"
      leftSection={<Icon name="plus" size={16} />}
      onClick={() => {
        setEdited('new')
      }}
    >
      {words.add}
    </Button>
  )
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <Text c="dimmed" maw={720}>
          {words.intro}
        </Text>
        {list.rows.length > 0 && add}
      </Group>
      <DataTable<Answer>
        label={words.list}
        idAccessor="word"
        columns={useColumns(mayEdit ? actions : undefined)}
        card={(answer) => (
          <Stack gap={6}>
            <Group justify="space-between">
              <Text fw={600}>{answer.word}</Text>
              <Text size="sm" c="dimmed">
                <Time at={answer.updated_at} />
              </Text>
            </Group>
            <Text>{answer.message}</Text>
            {actions(answer)}
          </Stack>
        )}
        empty={
          <Empty icon="conversation" title={words.none} action={add}>
            {words.noneText}
          </Empty>
        }
        {...list}
      />
      <FormModal
        title={edited === null || edited === 'new' ? words.add : words.editOf(edited.word)}
        opened={edited !== null}
        onClose={close}
      >
        {edited !== null && (
          <AnswerForm answer={edited === 'new' ? null : edited} onSaved={close} />
        )}
      </FormModal>
    </Stack>
  )
}

function useColumns(
  actions: ((answer: Answer) => React.ReactNode) | undefined,
): DataTableColumn<Answer>[] {
  const words = useWords(answerWords)
  return [
    { accessor: 'word', title: words.word, width: 160 },
    {
      accessor: 'message',
      title: words.message,
      cellsStyle: () => ({ width: '100%', minWidth: 240, whiteSpace: 'pre-wrap' }),
    },
    {
      accessor: 'updated_at',
      title: words.updated,
      width: 170,
      render: ({ updated_at: at }) => <Time at={at} />,
    },
    ...(actions ? [{ accessor: 'actions', title: '', width: 190, render: actions }] : []),
  ]
}

function Actions({ answer, edit }: { answer: Answer; edit: (answer: Answer) => void }) {
  const words = useWords(answerWords)
  const { word } = answer
  const remove = useSave({
    save: () => request(toPath(word), { method: 'DELETE' }),
    stale: [ANSWERS],
    said: words.removed,
  })
  return (
    <Group gap={6} wrap="nowrap">
      <Button
        variant="default"
        size="sm"
        aria-label={words.editOf(word)}
        onClick={() => {
          edit(answer)
        }}
      >
        {words.edit}
      </Button>
      <ConfirmAction
        isDangerous
        label={words.remove}
        ariaLabel={words.removeOf(word)}
        title={words.removeTitle(word)}
        confirm={words.remove}
        act={remove.mutateAsync}
      >
        {words.removeText}
      </ConfirmAction>
    </Group>
  )
}
