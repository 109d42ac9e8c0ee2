// How often a channel was asked whether it has a value and did something to find out: a stage of a pipeline takes from its
// input. Nearly no channel does, and who polls several of them need only then look twice.

export const polls: { count: number } = { count: 0 }
