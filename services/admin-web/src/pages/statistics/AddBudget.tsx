import { Group, Radio, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { BUDGET_PERIODS, BUDGET_SCOPES, BUDGET_UNITS } from '@sms-gateway/domain/budget'
import { useMay } from '../../api/session.ts'
import { useWords } from '../../i18n/words.ts'
import { Choice, Fields } from '../../parts/form-parts.tsx'
import { FormButton } from '../../parts/FormButton.tsx'
import { type BudgetDraft, checkBudget, NEW_BUDGET, toBudgetRequest } from './budget-form.ts'
import { moneyWords } from './money-words.ts'
import { useSetBudget } from './use-set-budget.ts'

export function AddBudget() {
  const words = useWords(moneyWords)
  return (
    <FormButton label={words.addBudget} icon="plus">
      {(close) => <NewBudget onSaved={close} />}
    </FormButton>
  )
}

function NewBudget({ onSaved }: { onSaved: () => void }) {
  const words = useWords(moneyWords)
  const may = useMay()
  const [draft, setDraft] = useState<BudgetDraft>(NEW_BUDGET)
  const [isTried, setTried] = useState(false)
  const save = useSetBudget(onSaved)
  const faults = checkBudget(draft)
  const set = (values: Partial<BudgetDraft>) => {
    setDraft((now) => ({ ...now, ...values }))
  }
  const scopes = BUDGET_SCOPES.filter((scope) => scope !== 'all' || may('admin'))
  return (
    <Fields
      error={save.error}
      isSaving={save.isPending}
      submit={() => {
        setTried(true)
        if (Object.keys(faults).length === 0) save.mutate(toBudgetRequest(draft))
      }}
    >
      <Choice
        label={words.scope}
        options={scopes}
        names={words.scopes}
        value={draft.scope}
        onChange={(scope) => {
          set({ scope, key: '' })
        }}
      />
      {may('admin') && draft.scope !== 'all' && (
        <Choice
          label={words.whose}
          options={['own', 'all'] as const}
          names={words.whoseOptions}
          value={draft.whose}
          onChange={(whose) => {
            set({ whose })
          }}
        />
      )}
      {(draft.scope === 'customer' || draft.scope === 'message_type') && (
        <TextInput
          label={draft.scope === 'customer' ? words.customerId : words.messageType}
          required
          value={draft.key}
          error={isTried && faults.key ? words[faults.key] : undefined}
          onChange={(event) => {
            set({ key: event.currentTarget.value })
          }}
        />
      )}
      <Group grow align="flex-start">
        <Choice
          label={words.period}
          options={BUDGET_PERIODS}
          names={words.periods}
          value={draft.period}
          onChange={(period) => {
            set({ period })
          }}
        />
        <Choice
          label={words.unit}
          options={BUDGET_UNITS}
          names={words.units}
          value={draft.unit}
          onChange={(unit) => {
            set({ unit })
          }}
        />
      </Group>
      <TextInput
        label={words.limitOf[draft.unit]}
        inputMode="decimal"
        required
        value={draft.amount}
        error={isTried && faults.amount ? words[faults.amount] : undefined}
        onChange={(event) => {
          set({ amount: event.currentTarget.value })
        }}
      />
      <Radio.Group
        label={words.kind}
        value={draft.kind}
        onChange={(kind) => {
          set({ kind: kind === 'soft' ? 'soft' : 'hard' })
        }}
      >
        <Stack gap={6} mt={6}>
          <Radio value="hard" label={words.hard} />
          <Radio value="soft" label={words.soft} />
        </Stack>
      </Radio.Group>
    </Fields>
  )
}
