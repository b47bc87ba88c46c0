// Jest runs each test file in a realm of its own, where an error from `node:fs` is no `instanceof Error`,
// as it is in production. This puts it right, so that the same code runs in both.
import { types } from 'node:util'

for (const errorClass of [Error, TypeError, RangeError, SyntaxError, AggregateError]) {
  Object.defineProperty(errorClass, Symbol.hasInstance, {
    value(this: unknown, candidate: unknown): boolean {
      if (Function.prototype[Symbol.hasInstance].call(this, candidate)) return true
      // Subclasses inherit this method; they exist in one realm only.
      return (
        this === errorClass &&
        types.isNativeError(candidate) &&
        descends(candidate, errorClass.name)
      )
    },
  })
}

function descends(error: object, className: string): boolean {
  for (let at: unknown = error; at !== null; at = Object.getPrototypeOf(at)) {
    if (Object(at).constructor?.name === className) return true
  }
  return false
}
