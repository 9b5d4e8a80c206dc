/**
 * Verifies webhooks by the Standard Webhooks specification 1.0.0
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 */
import type { Schemas } from './schema.js';

/** Says why a request is not accepted, without anything that the request contains. */
export class WebhookNotAuthentic extends Error {
  override readonly name = 'WebhookNotAuthentic';
}

/** What a webhook sends. `id` is the same whenever this event is sent: it may arrive more than once. */
export type WebhookEvent = Omit<Schemas['Event'], 'type'> & {
  readonly organization_id: string;
  readonly type: Schemas['EventType'] | 'webhook.test' | (string & {});
};

type Bytes = Uint8Array<ArrayBuffer>;
type Verifier = {
  version: 'v1' | 'v1a';
  isSignature: (signature: Bytes, content: Bytes) => Promise<boolean>;
};

export type ReceivedWebhook = {
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As it was received: JSON that was parsed and written again has another signature. */
  readonly body: string | Uint8Array;
  /**
   * Secrets (`whsec_…`) or public keys (`whpk_…`) of the webhook. A valid signature of one of them is enough, so that a secret
   * can be replaced without a gap.
   */
  readonly keys: string | readonly string[];
  readonly now?: Date;
};

/** Older or newer requests may be repetitions by somebody who has recorded them. */
const TOLERANCE_SECONDS = 5 * 60;

/**
 * The event of a request that a webhook of this server has sent.
 *
 * @throws WebhookNotAuthentic
 */
export async function verifyWebhook(received: ReceivedWebhook): Promise<WebhookEvent> {
  const { headers, keys, now = new Date() } = received;
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    headerIn(headers, `webhook-${name}`),
  );
  if (!id || !timestamp || !signatures)
    throw new WebhookNotAuthentic('webhook-id, webhook-timestamp and webhook-signature are required');
  const age = now.getTime() / 1000 - Number(timestamp);
  if (Number.isNaN(age) || Math.abs(age) > TOLERANCE_SECONDS)
    throw new WebhookNotAuthentic('webhook-timestamp is too far from the time of this computer');

  const body = typeof received.body === 'string' ? new TextEncoder().encode(received.body) : received.body;
  const content = concatenate(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const verifiers = await Promise.all((typeof keys === 'string' ? [keys] : keys).map(readKey));
  if (verifiers.length === 0) throw new TypeError('there is no key of the webhook');
  if (!(await hasSignature(signatures, content, verifiers)))
    throw new WebhookNotAuthentic('no signature in webhook-signature is valid');
  return JSON.parse(new TextDecoder().decode(body)) as WebhookEvent;
}

async function hasSignature(
  signatures: string,
  content: Bytes,
  verifiers: readonly Verifier[],
): Promise<boolean> {
  for (const each of signatures.split(' ')) {
    const [version, encoded = ''] = each.split(',', 2);
    const signature = base64(encoded);
    if (signature === null) continue;
    for (const one of verifiers)
      if (one.version === version && (await one.isSignature(signature, content))) return true;
  }
  return false;
}

async function readKey(text: string): Promise<Verifier> {
  const [, prefix, encoded = ''] = /^(whsec|whpk)_(.*)$/.exec(text) ?? [];
  const bytes = base64(encoded);
  if (prefix === 'whsec' && bytes && bytes.length >= 24 && bytes.length <= 64)
    return verifier('v1', bytes, { name: 'HMAC', hash: 'SHA-256' });
  if (prefix === 'whpk' && bytes?.length === 32) return verifier('v1a', bytes, { name: 'Ed25519' });
  throw new TypeError('a key must be whsec_ with 24 to 64 bytes or whpk_ with 32 bytes, in base64');
}

/** WebCrypto compares in constant time. */
async function verifier(
  version: Verifier['version'],
  bytes: Bytes,
  algorithm: { name: 'HMAC'; hash: 'SHA-256' } | { name: 'Ed25519' },
): Promise<Verifier> {
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify']);
  return {
    version,
    isSignature: (signature, content) => crypto.subtle.verify(algorithm.name, key, signature, content),
  };
}

function headerIn(headers: ReceivedWebhook['headers'], name: string): string | null {
  if (headers instanceof Headers) return headers.get(name);
  const [, value] = Object.entries(headers).find(([each]) => each.toLowerCase() === name) ?? [];
  return typeof value === 'string' ? value : null;
}

function concatenate(first: Uint8Array, second: Uint8Array): Bytes {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** Null for what is not base64 as it is written by everybody: with padding, and with nothing left over. */
function base64(text: string): Bytes | null {
  try {
    const characters = atob(text);
    if (text === '' || btoa(characters) !== text) return null;
    return Uint8Array.from(characters, (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
