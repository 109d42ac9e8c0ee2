// What a function gave, or its error, as a value that travels.

/** What became of one value: a result, or an error that did not end the pipeline. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }
