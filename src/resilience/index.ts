export { every, type Limit, per } from './limit.ts'
