/**
 * Drops log lines that cannot be written (disk full, pipe closed): without a listener, the stream's error would end the
 * process. Later lines are still attempted, so that logging resumes as soon as possible.
 */
export function surviveLogFailures(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
