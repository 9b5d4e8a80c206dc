import type { FastifyReply, FastifyRequest } from 'fastify';

/** A part of a list, and how many there are in all of it. */
class Page<T> {
  constructor(
    readonly rows: readonly T[],
    readonly total: number,
  ) {}
}

/** What a handler with `@Returns([Row])` answers when it has more rows than it sends. */
export const page = <T>(rows: readonly T[], total: number) => new Page(rows, total);

type Done = (error: Error | null, payload: unknown) => void;

/** Sends a `Page` as a bare list, with its total in a header: clients know both (semantics, section 17). */
export function sendPage(_request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void {
  if (!(payload instanceof Page)) return done(null, payload);
  void reply.header('X-Pagination-Total', String(payload.total));
  done(null, payload.rows);
}
