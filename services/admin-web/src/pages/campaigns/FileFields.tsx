import { Alert, FileInput, Select, SimpleGrid, Table, Text, Title } from '@mantine/core'
import { useWords } from '../../i18n/words.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Section } from '../../parts/Section.tsx'
import { type CsvHead, decodeHead, HEAD_BYTES, readHead } from './csv-head.ts'
import { formWords } from './form-words.ts'
import { CUSTOMER, type Mapping, PHONE } from './mapping.ts'
import type { ListFile } from './NewCampaign.tsx'

/** The file, which of its columns is what, and how its first rows look. */
export function FileFields({
  list,
  mapping,
  unmapped,
  onFile,
  onMap,
}: {
  list: ListFile | null
  mapping: Mapping
  /** What the template needs and no column gives. */
  unmapped: readonly string[]
  onFile: (list: ListFile | null) => void
  onMap: (field: string, header: string | null) => void
}) {
  const words = useWords(formWords)
  const take = async (file: File | null) => {
    if (!file) {
      onFile(null)
      return
    }
    const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())
    onFile({ file, head: readHead(decodeHead(bytes)) })
  }
  return (
    <Section title={words.list}>
      <FileInput
        label={words.file}
        description={words.fileHint}
        placeholder={words.choose}
        required
        clearable
        clearButtonProps={{ 'aria-label': words.clearFile }}
        accept=".csv,.txt,text/csv"
        leftSection={<Icon name="upload" size={16} />}
        maw={480}
        value={list?.file ?? null}
        error={list !== null && !list.head && words.unreadable}
        onChange={(file) => void take(file)}
      />
      {list?.head && (
        <>
          <Title order={3} mt="md">
            {words.mapping}
          </Title>
          <Text size="sm" c="dimmed" mb="xs">
            {words.mappingHint}
          </Text>
          <Columns {...{ mapping, onMap }} headers={list.head.headers} />
          {unmapped.length > 0 && (
            <Alert color="yellow" mt="sm" role="status" icon={<Icon name="failed" />}>
              <Text c="var(--ink)">{words.unmapped(unmapped.join('、'))}</Text>
            </Alert>
          )}
          <Sample head={list.head} />
        </>
      )}
    </Section>
  )
}

function Columns({
  mapping,
  headers,
  onMap,
}: {
  mapping: Mapping
  headers: readonly string[]
  onMap: (field: string, header: string | null) => void
}) {
  const words = useWords(formWords)
  const named = [...new Set(headers.filter((header) => header !== ''))]
  const labelOf = (field: string) => {
    if (field === PHONE) return words.fields.phone
    return field === CUSTOMER ? words.fields.customer_id : <span className="mono">{field}</span>
  }
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
      {Object.entries(mapping).map(([field, header]) => (
        <Select
          key={field}
          label={labelOf(field)}
          required={field === PHONE}
          placeholder={words.none}
          clearable={field !== PHONE}
          searchable={named.length > 10}
          data={named}
          value={header}
          onChange={(choice) => {
            onMap(field, choice)
          }}
        />
      ))}
    </SimpleGrid>
  )
}

function Sample({ head: { headers, rows } }: { head: CsvHead }) {
  const words = useWords(formWords)
  return (
    <Table.ScrollContainer
      minWidth={Math.min(headers.length, 8) * 110}
      mt="md"
      scrollAreaProps={{
        viewportProps: { tabIndex: 0, role: 'region', 'aria-label': words.sample },
      }}
    >
      <Table fz="sm" withTableBorder captionSide="top">
        <Table.Caption ta="start">{words.sample}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {headers.map((header, index) => (
              <Table.Th key={index}>{header}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, at) => (
            <Table.Tr key={at}>
              {headers.map((_, index) => (
                <Table.Td key={index}>{row[index]}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
