import type { FastifyReply, FastifyRequest } from 'fastify';

/** A path that cannot be read at all (`%zz`, or too long) is no path of ours; Fastify's own words would echo it. */
export function answerUnreadablePath(_error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  void reply.status(404).send({ detail: 'Not Found' });
}
