#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT, toFailure } from './failures.js';
import { createProgram } from './program.js';
import { note } from './terminal.js';

process.on('SIGINT', () => process.exit(130));
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0); // the reader, for example head, has seen enough
  throw error;
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** Commander has printed its own errors. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  const { message, exitCode } = toFailure(error);
  note(`tenantry: ${message}`);
  return exitCode;
}
