#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT, toFailure } from './failures.js';
import { createProgram } from './program.js';
import { note, progress } from './terminal.js';

process.on('SIGINT', () => process.exit(130));
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error; // else a reader, for example head, has seen enough
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
  progress('');
  note(`tenantry: ${message}`);
  return exitCode;
}
