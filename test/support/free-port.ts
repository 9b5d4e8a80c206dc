import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ephemeral ports of every system: neither an outgoing connection nor a server on port 0 takes one of them. Above
 * 10080, to which `fetch` and browsers refuse to connect. Each worker has its own, so that no other one takes it before it
 * is used.
 */
const [FIRST, PAIRS, WORKERS] = [11_000, 1_300, 8] as const;
const worker = Number(process.env['JEST_WORKER_ID'] ?? 0) % WORKERS;
let next = randomInt(PAIRS);

/** A port that nothing uses at the moment, and neither the one after it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + 2 * (WORKERS * (next++ % PAIRS) + worker);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port), 'listening'); // at every address
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}
