/** `sm://PROJECT/SECRET[/VERSION]`, as a variable's value. */
export const SECRET_SCHEME = 'sm://'
export const SECRET_FORM = 'sm://PROJECT/SECRET or sm://PROJECT/SECRET/VERSION'

const NAME =
  /^sm:\/\/([a-z0-9][a-z0-9.:-]{0,99})\/([A-Za-z0-9_-]{1,255})(?:\/([A-Za-z0-9_-]{1,63}))?$/

/** Google's own name of the version; `undefined` for what names none. */
export function readSecretName(value: string): string | undefined {
  const [, project, secret, version = 'latest'] = NAME.exec(value) ?? []
  if (project === undefined || secret === undefined) return undefined
  return `projects/${project}/secrets/${secret}/versions/${version}`
}
