import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

/**
 * Runs `work` when the server starts, before it listens, but not for the operator's commands, which create the same
 * application. Call it while modules are initialized; the server waits for `work` for ten seconds at most.
 */
export function onListening({ httpAdapter }: HttpAdapterHost, work: () => Promise<void> | void): void {
  httpAdapter.getInstance<FastifyInstance>().addHook('onReady', async () => work());
}
