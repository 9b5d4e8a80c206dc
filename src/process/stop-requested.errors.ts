import { constants } from 'node:os';

/** SIGHUP: the terminal was closed. */
export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';

/** The reason of an aborted start, and why a running server stops. */
export class StopRequested extends Error {
  constructor(readonly signal: StopSignal) {
    super(`received ${signal}`);
  }

  /** The exit code of a process that the signal has ended (POSIX shells). */
  get exitCode(): number {
    return 128 + constants.signals[this.signal];
  }
}
