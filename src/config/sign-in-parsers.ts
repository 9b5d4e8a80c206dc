import { createHash, createPrivateKey, type JsonWebKey, type KeyObject, X509Certificate } from 'node:crypto';
import { canonicalEmailOrNull } from '../common/canonical-email.js';
import { isSafeTransport } from '../common/http/network-addresses.js';
import { isJsonObject, parsedJson } from '../common/json.js';
import { InvalidVariable } from './environment.errors.js';
import { contentOf, httpUrl, type Parser, textsByName } from './parsers.js';

/** An issuer, or the URL of its discovery document. Provider endpoints need TLS, except on this machine. */
export const issuerUrl: Parser<string> = (value) => {
  const url = httpUrl(value);
  if (!url || url.username || url.password || url.hash) {
    throw new InvalidVariable('must be an absolute URL without credentials or fragment');
  }
  if (!isSafeTransport(url)) throw new InvalidVariable('must be https, unless the host is this machine');
  return value;
};

const listed = (value: string): string[] => value.trim().split(/\s*,\s*|\s+/);

/** Separated by commas or spaces. */
export const claimNames: Parser<readonly string[]> = (value) => {
  const names = listed(value);
  if (names.includes('')) throw new InvalidVariable('must be names of claims separated by commas or spaces');
  return names;
};

/** Separated by commas or spaces; each is a `scope-token` of RFC 6749, section 3.3. */
export const scopes: Parser<readonly string[]> = (value) => {
  const tokens = listed(value);
  if (!tokens.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))) {
    throw new InvalidVariable('must be scopes separated by commas or spaces');
  }
  if (!tokens.includes('openid')) throw new InvalidVariable('must contain openid');
  return tokens;
};

/** Set by the protocol itself (docs/contract/sign-in.md#authorization-parameters). */
const RESERVED_PARAMETERS = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
];

/** JSON: `{"prompt": "consent"}`. */
export const authorizationParameters: Parser<Readonly<Record<string, string>>> = (value) => {
  const parameters = textsByName('texts', '{"prompt": "consent"}')(value);
  const reserved = Object.keys(parameters).filter((name) => RESERVED_PARAMETERS.includes(name));
  if (reserved.length > 0) throw new InvalidVariable(`may not set ${reserved.join(', ')}`);
  return parameters;
};

/** Comma-separated; in the form that `canonicalEmail` gives to the domain of an address. */
export const emailDomains: Parser<readonly string[]> = (value) => value.split(',').map(emailDomain);

function emailDomain(domain: string): string {
  const [, canonical] = canonicalEmailOrNull(`someone@${domain.trim()}`)?.split('@') ?? [];
  if (!canonical?.includes('.'))
    throw new InvalidVariable('must be domains separated by commas: example.com');
  return canonical;
}

/** The private key that signs client assertions (RFC 7523, section 2.2), and the header of these assertions. */
export type ClientKey = {
  readonly jwk: JsonWebKey;
  /**
   * `alg`; `kid` from a JWK; the thumbprints of a certificate that stands beside the key, by which Entra ID finds the key.
   */
  readonly header: Readonly<{ alg: string; kid?: string; x5t?: string; 'x5t#S256'?: string }>;
};

/** The algorithm for each kind of key; RSA keys get the one that every provider supports. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  rsa: 'RS256',
  'ec prime256v1': 'ES256',
  'ec secp384r1': 'ES384',
  'ec secp521r1': 'ES512',
  ed25519: 'EdDSA',
};

const MIN_RSA_BITS = 2048; // RFC 7518, section 3.3
const [BEGIN, END] = ['-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----'];

/** A private key as PEM, with its certificate if there is one, or as a JWK. */
export const clientKey: Parser<ClientKey> = (given) => {
  const isJwk = given.trimStart().startsWith('{');
  const text = isJwk ? given : withLineEnds(given);
  const { key, alg, kid }: GivenKey = isJwk ? jwkIn(text) : { key: privateKey({ key: text }) };
  const { namedCurve, modulusLength = MIN_RSA_BITS } = key.asymmetricKeyDetails ?? {};
  const kind = [key.asymmetricKeyType, namedCurve].filter(Boolean).join(' ');
  const algorithm = alg ?? ALGORITHMS[kind];
  const isUsable =
    kind === 'rsa' ? /^[RP]S(256|384|512)$/.test(algorithm ?? '') : algorithm === ALGORITHMS[kind];
  if (algorithm === undefined || !isUsable || modulusLength < MIN_RSA_BITS) {
    throw new InvalidVariable(
      'must be an RSA key of at least 2048 bits, or a key for ES256, ES384, ES512 or EdDSA',
    );
  }
  return {
    jwk: key.export({ format: 'jwk' }),
    header: { alg: algorithm, ...(kid ? { kid } : {}), ...thumbprints(text) },
  };
};

/** PEM certificates. */
export const certificates: Parser<string> = (text) => {
  const found = pemCertificatesIn(text);
  if (found.length === 0) throw new InvalidVariable('must hold PEM certificates');
  for (const pem of found) parseCertificate(pem);
  return found.join('\n');
};

/** The path of a file with PEM certificates. */
export const certificatesPath: Parser<string> = (path) => {
  contentOf(certificates)(path);
  return path;
};

type GivenKey = { key: KeyObject; kid?: string | undefined; alg?: string | undefined };

function jwkIn(text: string): GivenKey {
  const jwk = parsedJson(text);
  if (!isJsonObject(jwk)) throw new InvalidVariable('must be a private key as PEM or JWK');
  const [kid, alg] = [jwk['kid'], jwk['alg']].map((value) => (typeof value === 'string' ? value : undefined));
  return { key: privateKey({ key: jwk, format: 'jwk' }), kid, alg };
}

/** Environment files without multiple lines have the line ends written out. */
const withLineEnds = (text: string): string =>
  text.replaceAll(String.raw`\r`, '').replaceAll(String.raw`\n`, '\n');

function privateKey(given: { key: string } | { key: JsonWebKey; format: 'jwk' }): KeyObject {
  try {
    return createPrivateKey(given);
  } catch {
    throw new InvalidVariable('must be a private key as PEM or JWK, without a passphrase');
  }
}

function thumbprints(text: string): Pick<ClientKey['header'], 'x5t' | 'x5t#S256'> {
  const [pem] = pemCertificatesIn(text);
  if (pem === undefined) return {};
  const { raw } = parseCertificate(pem);
  const digest = (algorithm: string) => createHash(algorithm).update(raw).digest('base64url');
  return { x5t: digest('sha1'), 'x5t#S256': digest('sha256') }; // RFC 7515, sections 4.1.7 and 4.1.8
}

function pemCertificatesIn(text: string): string[] {
  const [, ...parts] = text.split(BEGIN);
  return parts.flatMap((part) =>
    part.includes(END) ? `${BEGIN}${part.slice(0, part.indexOf(END))}${END}` : [],
  );
}

function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new InvalidVariable('holds an invalid certificate', { cause: error });
  }
}
