import { rmSync } from 'node:fs';
import { running } from './running.mjs';

export default async function globalTeardown() {
  await running.postgres?.stop();
  if (running.directory) rmSync(running.directory, { recursive: true, force: true });
}
