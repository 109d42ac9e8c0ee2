// Which of Node's asynchronous resources stand for something real that is pending, by the names that async_hooks gives them.

/** What of Node's own objects is looked at here. */
interface Handle {
  hasRef?(): boolean | null
  /** A zlib handle's input, while it is being worked on. */
  readonly buffer?: unknown
  /** The callback of a request to the file system; one inside Node that nobody will call back has none. */
  readonly oncomplete?: unknown
  readonly ondone?: unknown
  /** Of a timer or an immediate that has been cleared, or has run. */
  readonly _destroyed?: boolean
  /** Starts a job of node:crypto. */
  run?(): unknown
  getsockname?(to: Address): number
  getpeername?(to: Address): number
}

interface Address {
  address?: string
  port?: number
}

export interface ForeignResource {
  readonly type: string
  readonly handle: Handle
  /** Of a job of node:crypto. */
  isRunning: boolean
}

/** What ends with its one callback. */
const request = /REQ|JOB|CONNECTWRAP|WRITEWRAP|SHUTDOWNWRAP|SENDWRAP|QUERYWRAP|^Immediate$/
/** What is pending until it is closed, or no longer keeps the program alive. */
const open = /^(TCPWRAP|PIPEWRAP|UDPWRAP|PROCESSWRAP|WORKER|Timeout)$/
/** Among them the jobs of node:crypto, synchronous ones too. */
const cryptoJob = /REQUEST$/
/** What only waits; but when it is called, more may be to come. A server's connections are known by it. */
const listener = /SERVERWRAP$|^MESSAGEPORT$/
/** Parsers, which have REQUEST in their names: their connection is what is pending. */
const parser = /^HTTP/

/** Whether resources of this type are worth knowing. */
export function isForeign(type: string): boolean {
  return (request.test(type) || open.test(type) || listener.test(type) || type === 'ZLIB') && !parser.test(type)
}

/** `handle` has just been made. */
export function foreignResource(type: string, handle: Handle): ForeignResource {
  const resource = { type, handle, isRunning: false }
  const { run } = handle
  if (cryptoJob.test(type) && run !== undefined) {
    // There is no other sign of whether it goes on: one that has ended returns its outcome, as an array.
    const started = (): unknown => {
      const outcome = run.call(handle)
      resource.isRunning = !Array.isArray(outcome)
      return outcome
    }
    Object.defineProperty(handle, 'run', { value: started, configurable: true, writable: true })
  }
  return resource
}

/** Whether it is a connection, maybe one that is kept open for the next request. */
export function isConnection({ type }: ForeignResource): boolean {
  return type === 'TCPWRAP'
}

/** Whether it does not keep the program alive: nobody waits for anything on it now. */
export function isIdle({ handle }: ForeignResource): boolean {
  // A timer that has fired says null.
  return handle.hasRef !== undefined && !handle.hasRef()
}

export function isClosed({ handle }: ForeignResource): boolean {
  return endOf(handle, 'getpeername') === undefined
}

export function isRequest({ type }: ForeignResource): boolean {
  return request.test(type)
}

export function isPending(one: ForeignResource): boolean {
  const { type, handle, isRunning } = one
  if (listener.test(type)) return false
  if (type === 'ZLIB') return handle.buffer != null
  if (cryptoJob.test(type)) return isRunning
  if (type === 'FSREQCALLBACK') return typeof (handle.oncomplete ?? handle.ondone) === 'function'
  if (handle._destroyed) return false
  return request.test(type) || !isIdle(one)
}

/**
 * Whether the other end of a connection is among `all`: then what is to come over it comes from the bubble itself, and
 * waits there for its turn like everything else. What has been sent is at the other end in the next turn of the event loop.
 */
export function hasBothEnds(end: ForeignResource, all: Iterable<ForeignResource>): boolean {
  const { handle } = end
  if (!isConnection(end)) return false
  const [here, there] = [endOf(handle, 'getsockname'), endOf(handle, 'getpeername')]
  for (const one of all) {
    const other = one.handle
    if (!isConnection(one) || other === handle) continue
    if (endOf(other, 'getsockname') === there && endOf(other, 'getpeername') === here) return true
  }
  return false
}

function endOf(handle: Handle, which: 'getsockname' | 'getpeername'): string | undefined {
  const end: Address = {}
  // A closed one says so by an error code.
  if (handle[which]?.(end) !== 0) return undefined
  // Of a socket for both versions of IP, the address of the other end is the longer form of the same.
  return `${end.address?.replace(/^::ffff:/, '')} ${end.port}`
}
