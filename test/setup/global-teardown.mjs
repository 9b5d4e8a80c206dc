import { rmSync } from 'node:fs';
import { running } from './running.mjs';

export default async function globalTeardown() {
  for (const host of running.hosts) host.disconnect();
  await running.postgres?.stop();
  if (running.directory) rmSync(running.directory, { recursive: true, force: true });
}
