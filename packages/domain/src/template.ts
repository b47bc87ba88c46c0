import { cleanValue } from './clean-value.ts'

/** A piece of a template: text as it stands, or a variable with what stands in for it when it is not given. */
export type TemplatePiece =
  { kind: 'text'; text: string } | { kind: 'variable'; name: string; fallback: string | undefined }

export type TemplateData = Readonly<Record<string, string | number>>

export type Rendering =
  | { kind: 'ok'; text: string }
  /** All that are missing, in the order of the template. */
  | { kind: 'missing'; names: readonly string[] }

/** `{name}` or `{name|what stands in for it}`; any other brace is a brace. */
const PLACEHOLDER = /\{([A-Za-z_][A-Za-z0-9_]{0,49})(?:\|([^{}]{0,200}))?\}/g

export function parseTemplate(content: string): TemplatePiece[] {
  const pieces: TemplatePiece[] = []
  let end = 0
  for (const match of content.matchAll(PLACEHOLDER)) {
    const [whole, name = '', fallback] = match
    if (match.index > end) pieces.push({ kind: 'text', text: content.slice(end, match.index) })
    pieces.push({ kind: 'variable', name, fallback })
    end = match.index + whole.length
  }
  if (end < content.length) pieces.push({ kind: 'text', text: content.slice(end) })
  return pieces
}

/** The names of the variables, each once; `required` leaves out those with a fallback. */
export function listVariables(content: string): { all: string[]; required: string[] } {
  const variables = parseTemplate(content).flatMap((piece) =>
    piece.kind === 'variable' ? [piece] : [],
  )
  const all = [...new Set(variables.map(({ name }) => name))]
  const optional = new Set(
    variables.filter(({ fallback }) => fallback !== undefined).map(({ name }) => name),
  )
  return { all, required: all.filter((name) => !optional.has(name)) }
}

/**
 * Puts the values in. A value is data: it is cleaned, and never read as a template again, whatever braces it holds.
 */
export function renderTemplate(content: string, data: TemplateData): Rendering {
  const missing = new Set<string>()
  const texts = parseTemplate(content).map((piece) => {
    if (piece.kind === 'text') return piece.text
    const value = readValue(data, piece.name) ?? piece.fallback
    if (value === undefined) missing.add(piece.name)
    return value ?? ''
  })
  return missing.size > 0
    ? { kind: 'missing', names: [...missing] }
    : { kind: 'ok', text: texts.join('') }
}

/** Only what was given: `constructor` and its like are nobody's value. */
function readValue(data: TemplateData, name: string): string | undefined {
  if (!Object.hasOwn(data, name)) return undefined
  const value = cleanValue(String(data[name]))
  return value === '' ? undefined : value
}
