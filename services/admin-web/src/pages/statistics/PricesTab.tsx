import { Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { PriceResponse } from '@sms-gateway/contracts/prices'
import { request } from '../../api/request.ts'
import { useMay } from '../../api/session.ts'
import { usePages } from '../../api/use-pages.ts'
import { useSave } from '../../api/use-save.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { Fields } from '../../parts/form-parts.tsx'
import { FormButton } from '../../parts/FormButton.tsx'
import { Empty } from '../../parts/states.tsx'
import { Mark } from '../../parts/StatusBadge.tsx'
import { Money, Time } from '../../parts/values.tsx'
import { isAmount } from './budget-form.ts'
import { moneyWords } from './money-words.ts'

const PRICES = '/prices'
const ANY_COUNTRY = '*'
const PROVIDERS = ['twilio', 'chunghwa']

/** What a segment costs, by provider, country and time. */
export function PricesTab() {
  const words = useWords(moneyWords)
  const may = useMay()
  const prices = usePages<PriceResponse>(PRICES)
  const countryOf = ({ country }: PriceResponse) =>
    country === ANY_COUNTRY ? words.everyCountry : country
  const columns: DataTableColumn<PriceResponse>[] = [
    { accessor: 'provider', title: words.provider },
    { accessor: 'country', title: words.country, render: countryOf },
    {
      accessor: 'price',
      title: words.price,
      textAlign: 'right',
      render: ({ price }) => <Money {...price} />,
    },
    {
      accessor: 'valid_from',
      title: words.validFrom,
      render: ({ valid_from: at }) => <Time at={at} />,
    },
    { accessor: 'in_force', title: words.state, render: (price) => <State price={price} /> },
  ]
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <Text c="dimmed" maw={720}>
          {words.pricesIntro}
        </Text>
        {may('admin') && <AddPrice />}
      </Group>
      <DataTable
        label={words.prices}
        columns={columns}
        idAccessor={(price) => [price.provider, price.country, price.valid_from].join()}
        empty={
          <Empty icon="money" title={words.noPrices}>
            {words.noPricesHint}
          </Empty>
        }
        card={(price) => (
          <Stack gap={4}>
            <Group justify="space-between">
              <Text fw={600}>
                {price.provider} · {countryOf(price)}
              </Text>
              <Money {...price.price} />
            </Group>
            <Group justify="space-between">
              <State price={price} />
              <Text size="sm" c="dimmed">
                <Time at={price.valid_from} />
              </Text>
            </Group>
          </Stack>
        )}
        {...prices}
      />
    </Stack>
  )
}

function State({ price }: { price: PriceResponse }) {
  const words = useWords(moneyWords)
  if (price.in_force) {
    return (
      <Mark tone="good" icon="check">
        {words.inForce}
      </Mark>
    )
  }
  const isComing = new Date(price.valid_from) > new Date()
  return isComing ? (
    <Mark tone="wait" icon="clock">
      {words.coming}
    </Mark>
  ) : (
    <Mark tone="still" icon="dot">
      {words.past}
    </Mark>
  )
}

function AddPrice() {
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
