import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorDialect } from './error.filter.js';

/** A path that cannot be read at all (`%zz`, or too long) is no path of ours; Fastify's own words would echo it. */
export const answerUnreadablePath =
  (dialects: readonly ErrorDialect[]) =>
  (_error: unknown, { url }: FastifyRequest, reply: FastifyReply): void => {
    const answer = { status: 404, detail: 'Not Found' };
    const dialect = dialects.find((one) => one.isSpokenAt(url));
    if (!dialect) return void reply.status(answer.status).send({ detail: answer.detail });
    const { status, contentType, body } = dialect.write(answer);
    void reply.status(status).header('content-type', contentType).send(JSON.stringify(body));
  };
