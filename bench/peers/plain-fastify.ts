import { fileURLToPath } from 'node:url';
import { type ServerProcess, start } from '../processes.ts';

/** Fastify alone, with one route that returns `info` as an object: what the framework below Nest costs. */
export const startPlainFastify = (info: string): Promise<ServerProcess> =>
  start(['bench/peers/plain-fastify.ts'], { INFO: info });

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { fastify } = await import('fastify');
  const body = JSON.parse(process.env['INFO'] ?? '{}') as object;
  const server = fastify();
  server.get('/info', () => Promise.resolve(body));
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  process.stdout.write(`Plain Fastify listens on ${url}\n`);
}
