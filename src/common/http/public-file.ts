import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** The content codings in which files are sent, the preferred one first. */
export const CODINGS = ['br', 'gzip'] as const;
export type Coding = (typeof CODINGS)[number];

type Compressed = Partial<Record<Coding, () => Promise<Buffer>>>;

const BROTLI_QUALITY = 7; // 10 ms for the description; the best one takes 600 ms for another 8 %
const SMALLEST = 1_000; // in bytes; a smaller file takes one packet in any case

/**
 * A file that is the same for every client. Only such files are compressed: the length of a compressed response that mixes
 * secrets with what a request contains would give the secrets away (BREACH).
 */
export class PublicFile {
  private readonly digest: string;

  /** `compressed`: what a build has made of the content. */
  constructor(
    readonly type: string,
    private readonly content: Buffer,
    private readonly compressed: Compressed,
  ) {
    this.digest = createHash('sha256').update(content).digest('base64url').slice(0, 22);
  }

  /** Compresses the content when a client first asks for it. */
  static compressedOnDemand(type: string, content: Buffer): PublicFile {
    return new PublicFile(type, content, content.length < SMALLEST ? {} : onDemand(content));
  }

  get codings(): readonly Coding[] {
    return CODINGS.filter((coding) => this.compressed[coding]);
  }

  /** A strong entity tag; each coding is another representation (RFC 9110, section 8.8.3.3). */
  etag(coding: Coding | null): string {
    return `"${this.digest}${coding ? `-${coding}` : ''}"`;
  }

  /** Null: not compressed. */
  async read(coding: Coding | null): Promise<Buffer> {
    return (coding && (await this.compressed[coding]?.())) ?? this.content;
  }
}

const compressors: Record<Coding, (content: Buffer) => Promise<Buffer>> = {
  br: (content) =>
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (content) => promisify(gzip)(content),
};

function onDemand(content: Buffer): Compressed {
  const once = (coding: Coding) => {
    let result: Promise<Buffer> | undefined;
    return () => (result ??= compressors[coding](content));
  };
  return { br: once('br'), gzip: once('gzip') };
}
