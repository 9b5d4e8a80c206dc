import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenDatabase } from './database/open-database.js';

const PATIENCE_MS = 10_000;

/** SIGTERM or SIGINT: accepts nothing new, finishes what is running (at most 10 s), stops the database, exits 0. */
export function stopOnSignal(app: NestFastifyApplication, database: OpenDatabase): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    const outOfPatience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
    await Promise.race([app.close(), outOfPatience]);
    await database.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
}
