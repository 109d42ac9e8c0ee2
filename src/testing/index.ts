export { ExplorationError, type ExplorationFacts, type FailureKind } from '../errors/exploration-error.ts'
export { type Bubble, bubble } from './bubble.ts'
export { type Exploration, type ExplorationReport, type ExploreOptions, explore } from './explore.ts'
