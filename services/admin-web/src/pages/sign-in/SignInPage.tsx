import {
  Alert,
  Button,
  Divider,
  Group,
  Paper,
  PasswordInput,
  Stack,
  Text,
  Title,
} from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { type SubmitEvent, useState } from 'react'
import { ApiProblem } from '../../api/problem.ts'
import { toPath } from '../../api/request.ts'
import { useSignIn, useSignInMethods } from '../../api/session.ts'
import { useSentence } from '../../api/use-sentence.ts'
import { useWords } from '../../i18n/words.ts'
import { common } from '../../parts/words.ts'
import { Brand } from '../../shell/Brand.tsx'
import { LanguageSwitch, ThemeSwitch } from '../../shell/switches.tsx'
import { words as pageWords } from './words.ts'

/** The door of the console. `error` is why nobody could be asked who is signed in. */
export function SignInPage({ error }: { error: unknown }) {
  const words = useWords(pageWords)
  const { product } = useWords(common)
  const [apiKey, setApiKey] = useState('')
  const signIn = useSignIn()
  const methods = useSignInMethods()
  const toSentence = useSentence()
  useDocumentTitle(`${words.title} · ${product}`)

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    signIn.mutate(apiKey.trim())
  }
  const failure: unknown = signIn.error ?? error
  const isRefused = failure instanceof ApiProblem && failure.status === 401
  return (
    <>
      <Group component="header" justify="space-between" p="sm">
        <Brand />
        <Group gap={2}>
          <LanguageSwitch />
          <ThemeSwitch />
        </Group>
      </Group>
      <main>
        <Paper
          component="form"
          className="surface"
          maw={400}
          mx="auto"
          mt="8vh"
          p="xl"
          onSubmit={submit}
        >
          <Stack gap="md">
            <div>
              <Title order={1}>{words.title}</Title>
              <Text c="dimmed" mt={4}>
                {words.intro}
              </Text>
            </div>
            <PasswordInput
              label={words.apiKey}
              description={words.hint}
              name="api-key"
              autoComplete="current-password"
              required
              data-autofocus
              value={apiKey}
              onChange={(event) => {
                setApiKey(event.currentTarget.value)
              }}
            />
            {failure !== null && (
              <Alert role="alert" color="red" p="sm">
                {isRefused ? words.refused : toSentence(failure)}
              </Alert>
            )}
            <Button
              type="submit"
              loading={signIn.isPending}
              disabled={apiKey.trim() === ''}
              fullWidth
            >
              {words.signIn}
            </Button>
            {methods.data?.oidc === true && (
              <>
                <Divider label={words.or} />
                <Button component="a" href={toPath('/session/oidc')} variant="default" fullWidth>
                  {words.oidc}
                </Button>
              </>
            )}
          </Stack>
        </Paper>
      </main>
    </>
  )
}
