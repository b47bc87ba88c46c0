import type { RefusalReason } from '@sms-gateway/domain/provider'

export interface SubmitCode {
  meaning: string
  class: RefusalReason | 'accepted' | 'throttled' | 'in_doubt'
}

/**
 * Return codes of SubmitSM: providers.md, 1.1. What every message of the account would meet (password, address,
 * credit, sender, charging) is `provider`. What CHT calls transient is refused all the same: it was not taken, so
 * another provider may have it at once.
 */
export const SUBMIT_CODES: Readonly<Record<string, SubmitCode>> = {
  // "System error (reason)": the one code that does not say whether the message was taken.
  '-1': { meaning: 'system error', class: 'in_doubt' },
  0: { meaning: 'taken', class: 'accepted' },
  2: { meaning: 'sending failed', class: 'provider' },
  3: { meaning: 'ordered for more than 48 hours ahead', class: 'submission' },
  5: { meaning: 'the text could not be converted from Big5', class: 'submission' },
  11: { meaning: 'a parameter is missing or not valid', class: 'submission' },
  12: { meaning: 'a code that the manual has dropped', class: 'submission' },
  13: { meaning: 'a code that the manual has dropped', class: 'submission' },
  14: { meaning: 'the sender number is missing', class: 'provider' },
  15: { meaning: 'the sender number is not valid', class: 'provider' },
  16: { meaning: 'the emome code could not be looked up now', class: 'provider' },
  17: { meaning: 'the emome code was not found', class: 'submission' },
  18: { meaning: 'the number is not valid', class: 'number' },
  19: { meaning: 'too many recipients', class: 'submission' },
  // We split every text ourselves, so this is about what we made of it: another provider may take it.
  20: { meaning: 'the text is too long', class: 'submission' },
  22: { meaning: 'wrong password, or no such account', class: 'provider' },
  23: { meaning: 'our IP address is not registered', class: 'provider' },
  24: { meaning: 'the account is forbidden', class: 'provider' },
  31: { meaning: 'prepaid: no value left', class: 'provider' },
  32: { meaning: 'prepaid: no such account', class: 'provider' },
  33: { meaning: 'prepaid: expired', class: 'provider' },
  34: { meaning: 'prepaid: wrong protocol type', class: 'provider' },
  35: { meaning: 'prepaid: charging failed', class: 'provider' },
  36: { meaning: 'prepaid: the system is locked', class: 'throttled' },
  // Parallel connections lock a prepaid account for a moment.
  37: { meaning: 'prepaid: the account is locked', class: 'throttled' },
  // Ten digits in a row are one of the patterns.
  41: { meaning: 'the text has a forbidden pattern', class: 'text' },
  43: { meaning: 'vacant number', class: 'number' },
  44: { meaning: 'the network of the number could not be found out', class: 'submission' },
  45: { meaning: 'the stored value is too low', class: 'provider' },
  46: { meaning: 'the type of customer is unknown', class: 'provider' },
  47: { meaning: 'not allowed for prepaid customers', class: 'provider' },
  48: { meaning: 'the subscriber has barred company texts', class: 'opted-out' },
  49: { meaning: 'the sender to be shown is not valid', class: 'provider' },
  50: { meaning: 'charging failed', class: 'provider' },
  51: { meaning: 'a code that the manual has dropped', class: 'provider' },
  52: { meaning: 'charging failed', class: 'provider' },
  53: { meaning: 'a code that the manual has dropped', class: 'provider' },
  54: { meaning: 'a code that the manual has dropped', class: 'provider' },
  55: { meaning: 'GET is not allowed on plain http', class: 'provider' },
  56: { meaning: 'https only', class: 'provider' },
}

export interface QueryCode {
  meaning: string
  /** `lost`: no better answer will come. `unavailable`: the question failed, not the message. */
  state: 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'opted-out' | 'lost' | 'unavailable'
}

/** Return codes of QuerySM: providers.md, 1.1. */
export const QUERY_CODES: Readonly<Record<string, QueryCode>> = {
  '-1': { meaning: 'system error', state: 'unavailable' },
  0: { meaning: 'delivered', state: 'delivered' },
  1: { meaning: 'on its way', state: 'sent' },
  2: { meaning: 'no such message', state: 'lost' },
  3: { meaning: 'the handset could not be reached', state: 'undelivered' },
  4: { meaning: 'system error', state: 'unavailable' },
  5: { meaning: 'unknown, and its record was removed', state: 'lost' },
  8: { meaning: 'the SIM card is full', state: 'undelivered' },
  9: { meaning: 'vacant number', state: 'undelivered' },
  11: { meaning: 'wrong number', state: 'undelivered' },
  12: { meaning: 'the handset cannot receive texts', state: 'undelivered' },
  13: { meaning: 'handset error', state: 'undelivered' },
  16: { meaning: 'the emome code could not be looked up', state: 'lost' },
  17: { meaning: 'the emome code was not found', state: 'lost' },
  18: { meaning: 'the number is not valid', state: 'lost' },
  21: { meaning: 'the message id is not valid', state: 'lost' },
  22: { meaning: 'wrong password, or no such account', state: 'unavailable' },
  23: { meaning: 'our IP address is not registered', state: 'unavailable' },
  24: { meaning: 'the account is forbidden', state: 'unavailable' },
  31: { meaning: 'not yet handed to the message centre', state: 'accepted' },
  32: { meaning: 'handing it to the message centre failed', state: 'undelivered' },
  33: { meaning: 'expired, the message centre was busy', state: 'undelivered' },
  48: { meaning: 'the subscriber has barred company texts', state: 'opted-out' },
}
