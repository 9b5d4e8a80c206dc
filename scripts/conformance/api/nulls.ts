import { randomUUID } from 'node:crypto';
import type { Sequence } from '../area.ts';
import type { Client, Exchange } from '../client.ts';
import { bodyOf, descriptionOf, fieldsOf, operationsOf } from './description-of.ts';
import { get, ORG, patch } from './requests.ts';

type Nullable = {
  readonly method: Exchange['method'];
  readonly path: string;
  readonly isList: boolean;
  readonly nullable: readonly string[];
  readonly fields: readonly string[];
};

/**
 * Each nullable field is sent as null beside another one that is wrong, so that nothing is created or changed: the
 * refusal may not name the nullable one.
 */
const EVERY_OPERATION: Sequence = {
  name: 'null fields of every operation',
  run: async (client) => {
    for (const operation of await nullableFieldsOf(client)) {
      const name = `accepts null for ${operation.nullable.length} fields of ${operation.method} ${operation.path}`;
      const refused = await refusedNulls(client, operation);
      if (refused === null) client.skip(name, 'not for this credential');
      else client.compare(name, [], refused);
    }
  },
};

async function nullableFieldsOf(client: Client): Promise<Nullable[]> {
  const description = await descriptionOf(client);
  return operationsOf(description).flatMap(({ method, path, operation }) => {
    const body = bodyOf(operation);
    if (!body) return [];
    const { isList, fields } = fieldsOf(description, body.schema);
    const nullable = fields.filter(({ isNullable }) => isNullable).map(({ name }) => name);
    const names = fields.map(({ name }) => name);
    const found = { method: method as Exchange['method'], path, isList, nullable, fields: names };
    return nullable.length > 0 && names.length > 1 ? [found] : [];
  });
}

/** The fields whose null is refused; null if the caller may not send the operation. */
async function refusedNulls(client: Client, operation: Nullable): Promise<string[] | null> {
  const { method, isList, nullable, fields } = operation;
  const path = operation.path.replace(/\{\w+\}/g, () => randomUUID());
  const refused: string[] = [];
  for (const field of nullable) {
    const other = fields.find((name) => name !== field && name !== 'password') ?? '';
    const row = { [field]: null, [other]: [[]] };
    const { status, text } = await client.send({ method, path, body: isList ? [row] : row });
    if (status === 403 || status === 404) return null;
    const isRefused = text.split(/\W+/).includes(field);
    if (isRefused || ![400, 422].includes(status)) refused.push(`${field}: ${status} ${text}`);
  }
  return refused;
}

/** The operations whose rules beyond the schema once refused null; nothing is changed by it. */
const PATCHES: Sequence = {
  name: 'null in a PATCH',
  run: async (client) => {
    const { body: before } = await client.send(get(`${ORG}/info`));
    for (const field of Object.keys(before).filter((name) => typeof before[name] === 'boolean')) {
      if (!SWITCHES.has(field)) continue;
      await client.check(`leaves ${field} as it is`, patch(`${ORG}/info`, { [field]: null }), {
        status: 200,
      });
    }
    const { body: after } = await client.send(get(`${ORG}/info`));
    client.compare('has changed nothing', JSON.stringify(before), JSON.stringify(after));
    for (const field of [
      'default_workspace_role_id',
      'default_workspace_ids',
      'metadata_url',
      'attribute_mapping',
    ])
      await client.check(
        `looks for the settings before it refuses null for ${field}`,
        patch(`${ORG}/sso-settings/${randomUUID()}`, { [field]: null }),
        { status: 404 },
      );
    await client.check(
      'leaves the login methods as they are',
      patch(`${ORG}/login-methods`, { sso_only: null }),
      {
        status: [200, 403],
      },
    );
  },
};

const SWITCHES = new Set([
  'jit_provisioning_enabled',
  'invites_enabled',
  'public_sharing_disabled',
  'pat_creation_disabled',
  'workspace_admin_can_invite_to_org',
]);

export const NULLS: readonly Sequence[] = [EVERY_OPERATION, PATCHES];
