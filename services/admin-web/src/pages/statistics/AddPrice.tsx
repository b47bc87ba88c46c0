import { Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { request } from '../../api/request.ts'
import { useSave } from '../../api/use-save.ts'
import { useWords } from '../../i18n/words.ts'
import { Fields } from '../../parts/form-parts.tsx'
import { FormButton } from '../../parts/FormButton.tsx'
import { PRICES } from './api.ts'
import { isAmount } from './budget-form.ts'
import { moneyWords } from './money-words.ts'

const PROVIDERS = ['twilio', 'chunghwa']

/** What a segment costs from some time on. */
export function AddPrice() {
  const words = useWords(moneyWords)
  return (
    <FormButton label={words.addPrice} icon="plus">
      {(close) => <NewPrice onSaved={close} />}
    </FormButton>
  )
}

function NewPrice({ onSaved }: { onSaved: () => void }) {
  const words = useWords(moneyWords)
  const [provider, setProvider] = useState(PROVIDERS[0] ?? '')
  const [country, setCountry] = useState('TW')
  const [amount, setAmount] = useState('')
  const [from, setFrom] = useState('')
  const [isTried, setTried] = useState(false)
  const save = useSave({
    save: () =>
      request(PRICES, {
        method: 'PUT',
        body: {
          provider,
          country,
          amount: amount.trim(),
          ...(from !== '' && { valid_from: new Date(from).toISOString() }),
        },
      }),
    stale: [PRICES],
    said: words.saved,
    onSaved,
  })
  const isCountry = /^(?:[A-Z]{2}|\*)$/.test(country)
  const isPrice = isAmount(amount.trim(), 6)
  return (
    <Fields
      error={save.error}
      isSaving={save.isPending}
      submit={() => {
        setTried(true)
        if (isCountry && isPrice) save.mutate()
      }}
    >
      <Select
        label={words.provider}
        allowDeselect={false}
        data={PROVIDERS}
        value={provider}
        onChange={(value) => {
          setProvider(value ?? provider)
        }}
      />
      <TextInput
        label={words.countryLabel}
        required
        value={country}
        error={isCountry ? undefined : words.invalidCountry}
        onChange={(event) => {
          setCountry(event.currentTarget.value.trim().toUpperCase())
        }}
      />
      <TextInput
        label={words.amountLabel}
        inputMode="decimal"
        required
        value={amount}
        error={isTried && !isPrice ? words.invalidAmount : undefined}
        onChange={(event) => {
          setAmount(event.currentTarget.value)
        }}
      />
      <TextInput
        type="datetime-local"
        label={words.validFromLabel}
        description={words.priceNote}
        value={from}
        onChange={(event) => {
          setFrom(event.currentTarget.value)
        }}
      />
    </Fields>
  )
}
