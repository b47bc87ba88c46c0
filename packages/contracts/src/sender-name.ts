import { z } from 'zod'

/** As it is registered with the carriers; the brackets come with the text. */
export const SenderName = z
  .string()
  .trim()
  .regex(/^[^【】\p{C}]{1,20}$/u, 'use 1 to 20 characters, without 【】')
