import { callbackify } from 'node:util';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Adds an `onSend` hook that waits for `work` before the responses to which it applies. All others are sent at
 * once, without a promise.
 */
export function delayResponses(
  fastify: FastifyInstance,
  appliesTo: (request: FastifyRequest, reply: FastifyReply) => boolean,
  work: (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
): void {
  const run = callbackify(work);
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (!appliesTo(request, reply)) done(null, payload);
    else run(request, reply, (error: Error | null) => (error ? done(error) : done(null, payload)));
  });
}
