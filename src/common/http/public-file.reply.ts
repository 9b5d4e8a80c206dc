import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Coding, PublicFile } from './public-file.js';

/** Sends the file in the coding that the client prefers, or 304 if the client has it. */
export async function sendPublicFile(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  file: PublicFile,
): Promise<FastifyReply> {
  const coding = preferredCoding(headers['accept-encoding'], file.codings);
  const etag = file.etag(coding);
  void reply.headers({ etag, vary: `${String(reply.getHeader('vary'))}, Accept-Encoding` });
  if (isKnown(headers['if-none-match'], etag)) return reply.code(304).send();
  const content = await file.read(coding);
  if (coding) void reply.header('content-encoding', coding);
  return reply.type(file.type).send(content);
}

/** RFC 9110, section 12.5.3. Null: not compressed, which is also sent to a client that excludes everything. */
function preferredCoding(header: string | string[] | undefined, offered: readonly Coding[]): Coding | null {
  const weights = new Map(
    String(header ?? '')
      .split(',')
      .map(weightedCoding),
  );
  const weightOf = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0;
  const plain = weights.get('identity') ?? 0;
  const accepted = offered.filter((coding) => weightOf(coding) > 0 && weightOf(coding) >= plain);
  return accepted.toSorted((one, other) => weightOf(other) - weightOf(one))[0] ?? null;
}

function weightedCoding(text: string): [coding: string, weight: number] {
  const [coding = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return [coding, weight === undefined ? 1 : Number(weight)];
}

/** The weak comparison of RFC 9110, section 13.1.2. */
const isKnown = (header: string | undefined, etag: string): boolean =>
  (header ?? '').split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim()));
