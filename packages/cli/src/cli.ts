#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT, toFailure } from './failures.js';
import { refreshSettled } from './login-tokens.js';
import { createProgram } from './program.js';
import { note, progress } from './terminal.js';

/** A second signal ends the process at once. */
for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }))
  process.once(signal, () => void refreshSettled().then(() => process.exit(code)));
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
