export { type AmdahlFigures, amdahl } from './amdahl.ts'
export { littlesLaw, type QueueFigures } from './littles-law.ts'
