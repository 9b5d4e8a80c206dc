import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { required } from '../collections.js';

/** The content codings in which files are sent, the preferred one first. */
export const CODINGS = ['br', 'gzip'] as const;
export type Coding = (typeof CODINGS)[number];

type Compressed = Partial<Record<Coding, Buffer | Promise<Buffer>>>;

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

const BROTLI_QUALITY = 10; // 135 ms for the description, once and in the thread pool; 7 takes 10 ms, for 7 % more bytes
const SMALLEST = 1_000; // in bytes; a smaller file takes one packet in any case

/**
 * A file that is the same for every client. Only such files are compressed: the length of a compressed response that mixes
 * secrets with what a request contains would give the secrets away (BREACH).
 */
export class PublicFile {
  readonly type: string;
  readonly codings: readonly Coding[];
  private readonly digest: string;
  private readonly compressed: Compressed;

  /**
   * The extension of the name decides the type. `compressed`: what a build has made of the content; absent, it is
   * compressed when a client first asks for it.
   */
  constructor(
    name: string,
    private readonly content: Buffer,
    compressed?: Compressed,
  ) {
    this.type = required(TYPES[extname(name)], `the type of ${name}`);
    this.digest = createHash('sha256').update(content).digest('base64url').slice(0, 22);
    const isSmall = content.length < SMALLEST;
    this.codings = CODINGS.filter((coding) => (compressed ? coding in compressed : !isSmall));
    this.compressed = compressed ?? {};
  }

  /** A strong entity tag; each coding is another representation (RFC 9110, section 8.8.3.3). */
  etag(coding: Coding | null): string {
    return `"${this.digest}${coding ? `-${coding}` : ''}"`;
  }

  /** Null: not compressed. */
  async read(coding: Coding | null): Promise<Buffer> {
    return coding ? (this.compressed[coding] ??= compressors[coding](this.content)) : this.content;
  }
}

const compressors: Record<Coding, (content: Buffer) => Promise<Buffer>> = {
  br: (content) =>
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (content) => promisify(gzip)(content),
};

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
