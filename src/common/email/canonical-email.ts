import { toASCII } from 'tr46';

/** Why an address cannot be stored; `reason` is a clause for people: "must have exactly one @". */
export class InvalidEmail extends Error {
  constructor(readonly reason: string) {
    super(`The e-mail address ${reason}.`);
    this.name = 'InvalidEmail';
  }
}

/** RFC 5321 section 4.5.3.1 counts octets; a path of 256 less its angle brackets is 254. */
const MAX_ADDRESS_OCTETS = 254;
const MAX_LOCAL_PART_OCTETS = 64;

/** Control, format, unassigned, private, white space, and letters that draw nothing (Hangul fillers). */
const INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/** What nearly all addresses are made of: nothing unseen, nothing that normalisation would change. */
const VISIBLE_ASCII = /^[!-~]*$/;

/** RFC 5322 `atext`, with the letters, marks and digits of all scripts (RFC 6531). No quoted local parts. */
const ATOM = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+$/u;

/** Every rule of UTS #46 on: labels of 1 to 63 letters, digits, hyphens; punycode that decodes; no trailing dot. */
const STRICT_DOMAIN = {
  checkBidi: true,
  checkHyphens: true,
  checkJoiners: true,
  useSTD3ASCIIRules: true,
  verifyDNSLength: true,
};

/**
 * The one spelling under which an address is stored and compared (contract decision 27): trimmed, lower-cased,
 * domain in punycode. Idempotent. Nothing is folded but letter case and what DNS itself holds equal (UTS #46), so that
 * two mailboxes never become one.
 *
 * A domain of one label (`root@localhost`) is an address: an installation may live on a private network.
 *
 * @throws InvalidEmail naming the first rule the address breaks
 */
export function canonicalEmail(input: string): string {
  // JSON can bring an array where the type says string (GitLab CVE-2023-7028: a mail to two mailboxes).
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

/** Before anything is parsed: normalising after validating is how a look-alike slips in (GHSA-7rqj-j65f-68wh). */
function assertVisibleCharacters(address: string): void {
  // First, since a long address would cost time in all that follows.
  if (address.length > MAX_ADDRESS_OCTETS) {
    throw new InvalidEmail(`is longer than ${MAX_ADDRESS_OCTETS} bytes`);
  }
  if (VISIBLE_ASCII.test(address)) return;
  if (INVISIBLE.test(address)) throw new InvalidEmail('holds a space, a control or an invisible character');
  // Lower-cased too: a capital J with caron is two code points, its small letter composes into one.
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

/** The people of a batch mostly share a domain, and working one out takes as long as all the rest of an address. */
let latest = { domain: '', ascii: null as string | null };

/** tr46 rather than Node's `domainToASCII`, which parses a URL: `a%41`, `a/b`, `1.2.3` and bad punycode pass there. */
function asciiDomain(domain: string): string {
  if (domain !== latest.domain) latest = { domain, ascii: toASCII(domain, STRICT_DOMAIN) };
  if (latest.ascii === null) throw new InvalidEmail('is not well formed after the @');
  return latest.ascii;
}

function octets(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** Null for text that is no address. */
export function canonicalEmailOrNull(input: string): string | null {
  try {
    return canonicalEmail(input);
  } catch (error) {
    if (error instanceof InvalidEmail) return null;
    throw error;
  }
}

/** For filters: the stored form of an address; text that is none finds nobody, and is no error. */
export function canonicalSearchEmail(input: string): string {
  return canonicalEmailOrNull(input) ?? input.trim().toLowerCase();
}
