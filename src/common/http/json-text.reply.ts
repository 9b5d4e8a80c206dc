import type { FastifyReply, FastifyRequest } from 'fastify';

/** The result of a handler whose body has been serialized before. */
export class JsonText {
  constructor(readonly text: string) {}
}

type Done = (error: Error | null, payload: unknown) => void;

/** The payload is another one if an `onSend` hook fails. */
const textOf = (payload: unknown): string =>
  payload instanceof JsonText ? payload.text : JSON.stringify(payload);

/** A `preSerialization` hook of Fastify. */
export function sendJsonText(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: Done,
): void {
  if (payload instanceof JsonText) void reply.serializer(textOf);
  done(null, payload);
}
