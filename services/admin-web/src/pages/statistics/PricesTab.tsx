import { Group, Stack, Text } from '@mantine/core'
import type { PriceResponse } from '@sms-gateway/contracts/prices'
import { useMay } from '../../api/session.ts'
import { usePages } from '../../api/use-pages.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { Empty } from '../../parts/states.tsx'
import { Mark } from '../../parts/StatusBadge.tsx'
import { Money, Time } from '../../parts/values.tsx'
import { AddPrice } from './AddPrice.tsx'
import { PRICES } from './api.ts'
import { moneyWords } from './money-words.ts'

const ANY_COUNTRY = '*'

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
