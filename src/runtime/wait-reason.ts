// Why a goroutine is not running, in Go's words. A small integer in the record; the text only in a dump.

export const WaitReason = {
  running: 0,
  runnable: 1,
  chanReceive: 2,
  chanSend: 3,
  chanReceiveNil: 4,
  chanSendNil: 5,
  select: 6,
  selectNoCases: 7,
  sleep: 8,
  mutexLock: 9,
  rwMutexLock: 10,
  rwMutexRLock: 11,
  waitGroupWait: 12,
  condWait: 13,
  semacquire: 14,
  join: 15,
  io: 16,
  bubbleWait: 17,
  /** An async goroutine without identity: it may be running or waiting, and nobody can tell. */
  unknown: 18,
  dead: 19,
} as const

export type WaitReason = (typeof WaitReason)[keyof typeof WaitReason]

const texts: readonly string[] = [
  'running',
  'runnable',
  'chan receive',
  'chan send',
  'chan receive (nil chan)',
  'chan send (nil chan)',
  'select',
  'select (no cases)',
  'sleep',
  'sync.Mutex.Lock',
  'sync.RWMutex.Lock',
  'sync.RWMutex.RLock',
  'sync.WaitGroup.Wait',
  'sync.Cond.Wait',
  'semacquire',
  'join',
  'IO wait',
  'synctest.Wait',
  'async, not tracked',
  'dead',
]

export function waitReasonText(reason: WaitReason): string {
  return texts[reason] ?? 'unknown'
}

/** Whether what is waited for is a lock, which has an owner. */
export function isLockWait(reason: WaitReason): boolean {
  return reason >= WaitReason.mutexLock && reason <= WaitReason.rwMutexRLock
}

/** Whether a goroutine in this state is parked, as opposed to running, runnable, ended or unknown. */
export function isParked(reason: WaitReason): boolean {
  return reason >= WaitReason.chanReceive && reason <= WaitReason.bubbleWait
}
