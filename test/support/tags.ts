import { randomUUID } from 'node:crypto';
import type { Api } from './api.js';

const WORKSPACE = '/api/v1/workspaces/current';
export const TAG_KEYS = `${WORKSPACE}/tag-keys`;
export const TAGGINGS = `${WORKSPACE}/taggings`;
export const TAGS = `${WORKSPACE}/tags`;

export const valuesOf = (keyId: string) => `${TAG_KEYS}/${keyId}/tag-values`;
export const tagsOf = (type: string, id: string) =>
  `${TAGS}/resource?resource_type=${type}&resource_id=${id}`;

const created = async (api: Api, path: string, body: object): Promise<any> => {
  const reply = await api.post(path, body);
  if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply.body;
};

let made = 0;
export const newKey = (api: Api, key = `Key ${++made}`) => created(api, TAG_KEYS, { key });
export const newValue = (api: Api, keyId: string, value = `Value ${++made}`) =>
  created(api, valuesOf(keyId), { value });

export const tag = (api: Api, valueId: string, id: string = randomUUID(), type = 'project') =>
  created(api, TAGGINGS, { tag_value_id: valueId, resource_type: type, resource_id: id });
