import { toASCII } from 'tr46';

/** An address that cannot be stored; `reason` completes "The e-mail address ...". */
export class InvalidEmail extends Error {
  constructor(readonly reason: string) {
    super(`The e-mail address ${reason}.`);
    this.name = 'InvalidEmail';
  }
}

/** RFC 5321 section 4.5.3.1 counts octets; a path of 256 without its angle brackets is 254. */
const MAX_ADDRESS_OCTETS = 254;
const MAX_LOCAL_PART_OCTETS = 64;

/**
 * Control, format, unassigned, private-use and white-space characters, and letters without a glyph (Hangul fillers).
 */
const INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/** Fast path for nearly all addresses: printable ASCII, which normalization does not change. */
const VISIBLE_ASCII = /^[!-~]*$/;

/** RFC 5322 `atext`, extended to the letters, marks and digits of all scripts (RFC 6531). No quoted local parts. */
const ATOM = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+$/u;

/** All checks of UTS #46: labels of 1 to 63 letters, digits and hyphens; valid punycode; no trailing dot. */
const STRICT_DOMAIN = {
  checkBidi: true,
  checkHyphens: true,
  checkJoiners: true,
  useSTD3ASCIIRules: true,
  verifyDNSLength: true,
};

/**
 * The canonical form in which an address is stored and compared (docs/contract/members.md#e-mail-addresses): trimmed,
 * lower case, domain in punycode. Idempotent. Only letter case and what UTS #46 maps are folded, so that two mailboxes
 * never share a form.
 *
 * A domain of one label (`root@localhost`) is accepted, since an installation may be on a private network.
 *
 * @throws InvalidEmail with the first rule that the address violates
 */
export function canonicalEmail(input: string): string {
  // JSON can hold an array where the type says string (GitLab CVE-2023-7028: a mail to two mailboxes).
  if (typeof input !== 'string') throw new InvalidEmail('must be a string');
  const address = input.trim();
  assertVisibleCharacters(address);

  const parts = address.toLowerCase().split('@');
  if (parts.length !== 2) throw new InvalidEmail('must have exactly one @');
  const [local = '', domain = ''] = parts;
  const canonical = `${localPart(local)}@${asciiDomain(domain)}`;
  if (octets(canonical) > MAX_ADDRESS_OCTETS) {
    throw new InvalidEmail(`is longer than ${MAX_ADDRESS_OCTETS} bytes`);
  }
  return canonical;
}

/** Runs before parsing, since normalizing after validation lets look-alikes through (GHSA-7rqj-j65f-68wh). */
function assertVisibleCharacters(address: string): void {
  // First, since the following checks take time proportional to the length.
  if (address.length > MAX_ADDRESS_OCTETS) {
    throw new InvalidEmail(`is longer than ${MAX_ADDRESS_OCTETS} bytes`);
  }
  if (VISIBLE_ASCII.test(address)) return;
  if (INVISIBLE.test(address)) throw new InvalidEmail('holds a space, a control or an invisible character');
  // In lower case as well: a capital J with caron is two code points, its small letter composes into one.
  if ([address, address.toLowerCase()].some((form) => form.normalize('NFKC') !== form)) {
    throw new InvalidEmail('holds a character that Unicode normalisation would turn into another');
  }
}

function localPart(local: string): string {
  if (octets(local) > MAX_LOCAL_PART_OCTETS) {
    throw new InvalidEmail(`has more than ${MAX_LOCAL_PART_OCTETS} bytes before the @`);
  }
  if (!local.split('.').every((atom) => ATOM.test(atom))) {
    throw new InvalidEmail('is not well formed before the @');
  }
  return local;
}

/**
 * Caches the last domain: the addresses of a batch mostly share one, and `toASCII` takes as long as all other checks.
 */
let latest = { domain: '', ascii: null as string | null };

/** tr46 instead of Node's `domainToASCII`, which parses a URL and accepts `a%41`, `a/b`, `1.2.3` and bad punycode. */
function asciiDomain(domain: string): string {
  if (domain !== latest.domain) latest = { domain, ascii: toASCII(domain, STRICT_DOMAIN) };
  if (latest.ascii === null) throw new InvalidEmail('is not well formed after the @');
  return latest.ascii;
}

const octets = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Null if the text is not a valid address. */
export function canonicalEmailOrNull(input: string): string | null {
  try {
    return canonicalEmail(input);
  } catch (error) {
    if (error instanceof InvalidEmail) return null;
    throw error;
  }
}

/** For filters: the stored form of an address; text that is not an address is returned as it is and matches no row. */
export function canonicalSearchEmail(input: string): string {
  return canonicalEmailOrNull(input) ?? input.trim().toLowerCase();
}
