export { type DedupeOptions, dedupe } from './dedupe.ts'
export { every, type Limit, per } from './limit.ts'
