/**
 * A line that cannot be written (disk full, reader gone) is lost, and the process goes on: without a listener, the error
 * of a stream ends it. Each later line is tried again, so that the log continues as soon as it can.
 */
export function surviveLogFailures(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
