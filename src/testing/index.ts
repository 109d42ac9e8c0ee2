export { type Bubble, bubble } from './bubble.ts'
