import type { FastifyReply, FastifyRequest } from 'fastify';

/** Some rows of a list, with the total number of its rows. */
class Page<T> {
  constructor(
    readonly rows: readonly T[],
    readonly total: number,
  ) {}
}

/** The result of a handler with `@Returns([Row])` that returns a page of a longer list. */
export const page = <T>(rows: readonly T[], total: number) => new Page(rows, total);

type Done = (error: Error | null, payload: unknown) => void;

/** Sends a `Page` as a bare list with its total in a header; clients expect both (docs/contract/http.md#lists). */
export function sendPage(_request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void {
  if (!(payload instanceof Page)) return done(null, payload);
  void reply.header('X-Pagination-Total', String(payload.total));
  done(null, payload.rows);
}
