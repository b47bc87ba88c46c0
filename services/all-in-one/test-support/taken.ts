import type { World } from './world.ts'

/** What the providers took of a text: its submissions at each. */
export function countTaken(
  { twilio, chunghwa }: Pick<World, 'twilio' | 'chunghwa'>,
  text: string,
): { twilio: number; chunghwa: number } {
  return {
    twilio: twilio.submissions().filter(({ body }) => body.includes(text)).length,
    chunghwa: chunghwa.messages().filter((message) => message.text.includes(text)).length,
  }
}
