import type { Api } from '../../support/api.js';

export const WEBHOOKS = '/api/v1/orgs/current/webhooks';

type CreatedWebhook = { id: string; secret: string; publicKey: string };

export async function createWebhook(api: Api, url: string, wish: object = {}): Promise<CreatedWebhook> {
  const { status, body } = await api.post(WEBHOOKS, { url, ...wish });
  if (status >= 300) throw new Error(`the webhook was not created: ${status} ${JSON.stringify(body)}`);
  return { id: body.id, secret: body.secret, publicKey: body.public_key };
}

/** Newest first. */
export const deliveriesOf = async (api: Api, webhookId: string): Promise<any[]> =>
  (await api.get(`${WEBHOOKS}/${webhookId}/deliveries`)).body.items;
