// The base of every error of this package. `instanceof` goes by a registered symbol, not by identity of the class, so
// that two installed copies of the package (or two bundles of it) recognise each other's errors.

export type ErrorCode = `ERR_${string}`

/**
 * Gives a class the registered-symbol brand `warren.NAME`, which {@link WarrenError}'s `instanceof` looks for. Called
 * from a static block of each class of the package; classes that users derive have no brand and compare by prototype.
 */
export function brand(errorClass: { readonly prototype: object }, name: string): void {
  Object.defineProperty(errorClass, 'brand', { value: Symbol.for(`warren.${name}`), configurable: true })
  Object.defineProperty(errorClass.prototype, Symbol.for(`warren.${name}`), { value: true })
  Object.defineProperty(errorClass.prototype, 'name', { value: name, configurable: true, writable: true })
}

/** Base class of all errors that warren makes; `code` is a literal to switch on. */
export class WarrenError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    const key = Object.hasOwn(this, 'brand') ? (this as unknown as { brand: symbol }).brand : undefined
    if (key === undefined) return Function.prototype[Symbol.hasInstance].call(this, value)
    if (typeof value !== 'object' || value === null) return false
    try {
      return key in value
    } catch {
      return false // a revoked proxy
    }
  }

  static {
    brand(this, 'WarrenError')
  }
}
