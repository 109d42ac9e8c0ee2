export { dump } from './dump.ts'
export { type GoroutineRecord, goroutines, type HeldResource } from './goroutines.ts'
export { formatLeaks, type Leak, leaks } from './leaks.ts'
export { type Events, type OperationKind, on } from './on.ts'
