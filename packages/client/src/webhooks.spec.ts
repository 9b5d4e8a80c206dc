import { describe, expect, it } from '@jest/globals';
import { verifyWebhook, WebhookNotAuthentic } from './webhooks.js';

/** The signatures were made with Python's `hmac` and with OpenSSL; the key pair is the first of RFC 8032, section 7.1. */
const ID = '0190a5b4-7c1e-7b3a-9a64-3f1f6a0b7c11-0';
const TIMESTAMP = 1764000000;
const BODY = `{"id":"${ID}","type":"membership.created","timestamp":"2025-11-24T15:59:58.120Z","data":{"note":"zoë"}}`;

const SECRET = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const BY_SECRET = 'v1,n1lJmj6dXRygg9PZv7fligHazSlqWA40odGaPBn0RvU=';
const OLD_SECRET = 'whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=';
const BY_OLD_SECRET = 'v1,P9LuHbksWlkIgRZoVxaVX4J3v86Ajjx+oHEl9q2HAvI=';
const PUBLIC_KEY = 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
const BY_PRIVATE_KEY =
  'v1a,GvvpGs83lp43flpNwR5Le/zTFqItexgnhQwFtP6iL6A40q5cQ2CtVGq4UZwcHLvbAMZaGuZ9fmwjKpS+Q3K0Bg==';
const WRONG = `v1,${'A'.repeat(43)}=`;

type Wish = {
  signature?: string;
  id?: string;
  timestamp?: string;
  body?: string;
  keys?: string[];
  late?: number;
};

const headersOf = ({ signature = BY_SECRET, id = ID, timestamp = `${TIMESTAMP}` }: Wish) => ({
  'webhook-id': id,
  'webhook-timestamp': timestamp,
  'webhook-signature': signature,
});

function verified(wish: Wish) {
  const { late = 0, body = BODY, keys = [SECRET] } = wish;
  const now = new Date((TIMESTAMP + late) * 1000);
  return verifyWebhook({ headers: headersOf(wish), body: Buffer.from(body), keys, now });
}

describe('verifyWebhook', () => {
  const accepted: [what: string, wish: Wish][] = [
    ['a signature by the secret', {}],
    ['a signature by the private key', { signature: BY_PRIVATE_KEY, keys: [PUBLIC_KEY] }],
    ['one valid signature among others', { signature: `v2,x ${WRONG} ${BY_PRIVATE_KEY} ${BY_SECRET}` }],
    ['signatures by the old and the new secret', { signature: `${BY_SECRET} ${BY_OLD_SECRET}` }],
    ['the old secret, known beside the new one', { signature: BY_OLD_SECRET, keys: [SECRET, OLD_SECRET] }],
    ['a request of five minutes ago', { late: 300 }],
    ['a request by a clock that is five minutes fast', { late: -300 }],
  ];
  it.each(accepted)('returns the event of a request with %s', async (_, wish) => {
    expect(await verified(wish)).toMatchObject({
      id: ID,
      type: 'membership.created',
      data: { note: 'zoë' },
    });
  });

  it('accepts the headers and the text of a Request, and a single key', async () => {
    const request = new Request('http://localhost', { method: 'POST', body: BODY, headers: headersOf({}) });
    const { headers } = request;
    const now = new Date(TIMESTAMP * 1000);

    expect(await verifyWebhook({ headers, body: await request.text(), keys: SECRET, now })).toMatchObject({
      id: ID,
    });
  });

  const refused: [what: string, wish: Wish][] = [
    ['another body', { body: BODY.replace('zoë', 'zoe') }],
    ['the same JSON, written differently', { body: BODY.replace('{"id"', '{ "id"') }],
    ['another id', { id: `${ID}0` }],
    ['another time', { timestamp: `${TIMESTAMP + 1}` }],
    ['a signature by another secret', { keys: [OLD_SECRET] }],
    ['a signature by a secret as one by the private key', { signature: BY_SECRET.replace('v1', 'v1a') }],
    [
      'a signature by the private key as one by a secret',
      { signature: BY_PRIVATE_KEY.replace('v1a', 'v1'), keys: [PUBLIC_KEY] },
    ],
    ['a signature by the private key, if only the secret is known', { signature: BY_PRIVATE_KEY }],
    ['a signature by the secret, if only the public key is known', { keys: [PUBLIC_KEY] }],
    ['a version that it does not know', { signature: BY_SECRET.replace('v1', 'v2') }],
    ['a truncated signature', { signature: BY_SECRET.slice(0, -8) }],
    ['a signature with something else at its end', { signature: `${BY_SECRET}!` }],
    ['no signature', { signature: '' }],
    ['a time of more than five minutes ago', { late: 301 }],
    ['a time of more than five minutes ahead', { late: -301 }],
    [
      'a time that is no number',
      { timestamp: 'never', signature: 'v1,bwkJvWjgxzHG6mU+oPfrAQDqFB0Xb3Cl3A8Mqyj2Nt8=' },
    ],
  ];
  it.each(refused)('refuses a request with %s', async (_, wish) => {
    await expect(verified(wish)).rejects.toThrow(WebhookNotAuthentic);
  });

  it.each(Object.keys(headersOf({})))('refuses a request without the header %s', async (name) => {
    const headers = { ...headersOf({}), [name]: undefined };

    await expect(verifyWebhook({ headers, body: BODY, keys: SECRET })).rejects.toThrow(WebhookNotAuthentic);
  });

  it('accepts headers whose names are written in another way', async () => {
    const headers = Object.fromEntries(
      Object.entries(headersOf({})).map(([name, value]) => [name.replace('webhook', 'Webhook'), value]),
    );
    const now = new Date(TIMESTAMP * 1000);

    expect(await verifyWebhook({ headers, body: BODY, keys: SECRET, now })).toMatchObject({ id: ID });
  });

  it('says that there is no key, since then every request would be refused', async () => {
    await expect(verified({ keys: [] })).rejects.toThrow(new TypeError('there is no key of the webhook'));
  });

  const unusable = [
    '',
    'whsec_',
    'whsk_AAAA',
    SECRET.slice(6),
    'whsec_AAAA',
    'whsec_!',
    PUBLIC_KEY.slice(0, -4),
  ];
  it.each(unusable)('refuses what is neither a secret nor a public key: %j', async (key) => {
    await expect(verified({ keys: [SECRET, key] })).rejects.toThrow(/a key must be/);
  });
});
