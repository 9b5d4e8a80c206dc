import { ENTERPRISE_URN } from '../protocol/user-schema.js';
import type { Columns, ListColumn, SingleColumn } from '../query/columns.js';

/** `s` is the SCIM user, `m` its membership. */
const inAttributes = (...path: string[]): SingleColumn => ({
  kind: 'text',
  sql: `s.attributes ${path.map((name, index) => `${index === path.length - 1 ? '->>' : '->'} '${name}'`).join(' ')}`,
});

const part = (name: string): SingleColumn => ({ kind: 'text', sql: `e ->> '${name}'` });

const listInAttributes = (name: string): ListColumn => ({
  kind: 'list',
  any: (condition) =>
    `exists (select from jsonb_array_elements(s.attributes -> '${name}') e where ${condition})`,
  parts: {
    value: part('value'),
    type: part('type'),
    display: part('display'),
    primary: { kind: 'boolean', sql: `(e ->> 'primary')::boolean` },
  },
});

const GROUPS: ListColumn = {
  kind: 'list',
  any: (condition) => `exists (
    select from scim_group_members gm join scim_groups g on g.id = gm.group_id
    where gm.scim_user_id = s.id and ${condition})`,
  parts: { value: { kind: 'id', sql: 'g.id' }, display: { kind: 'text', sql: 'g.display_name' } },
};

/** The attributes that users can be filtered by. */
export const USER_COLUMNS: Columns = {
  id: { kind: 'id', sql: 's.id' },
  externalId: { kind: 'text', sql: 's.external_id', caseExact: true },
  userName: { kind: 'text', sql: 's.user_name' },
  active: { kind: 'boolean', sql: 'not m.is_disabled' },
  'meta.created': { kind: 'instant', sql: 's.created_at' },
  'meta.lastModified': { kind: 'instant', sql: 's.updated_at' },
  'name.formatted': inAttributes('name', 'formatted'),
  'name.familyName': inAttributes('name', 'familyName'),
  'name.givenName': inAttributes('name', 'givenName'),
  displayName: inAttributes('displayName'),
  nickName: inAttributes('nickName'),
  title: inAttributes('title'),
  userType: inAttributes('userType'),
  preferredLanguage: inAttributes('preferredLanguage'),
  locale: inAttributes('locale'),
  timezone: inAttributes('timezone'),
  emails: {
    ...listInAttributes('emails'),
    holding: (value) => `s.emails @> array[lower(${value}::text)]`,
    sortedBy: { kind: 'text', sql: 's.emails[1]' },
  },
  phoneNumbers: listInAttributes('phoneNumbers'),
  groups: GROUPS,
  ...Object.fromEntries(
    ['employeeNumber', 'costCenter', 'organization', 'division', 'department'].map((name) => [
      `${ENTERPRISE_URN}:${name}`,
      inAttributes(ENTERPRISE_URN, name),
    ]),
  ),
  [`${ENTERPRISE_URN}:manager.value`]: inAttributes(ENTERPRISE_URN, 'manager', 'value'),
};
