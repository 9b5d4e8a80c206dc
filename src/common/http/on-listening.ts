import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

/**
 * What only a server does, before it listens: the operator's commands make the application too, and then do one thing.
 * Called while modules are initialised; the server waits for `work`, ten seconds at most.
 */
export function onListening({ httpAdapter }: HttpAdapterHost, work: () => Promise<void> | void): void {
  httpAdapter.getInstance<FastifyInstance>().addHook('onReady', async () => work());
}
