export type { Guard, Locker } from './locker.ts'
export { Mutex } from './mutex.ts'
export { WaitGroup } from './wait-group.ts'
