import { randomUUID } from 'node:crypto';
import type { Api } from '../api.js';
import { type Member, type OrgWithAdmin, role } from '../fixtures.js';
import { Scim } from '../scim.js';
import type { SsoEnvironment } from '../sso-environment.js';
import type { Subject } from './oracle.js';
import { loadRows, type Rows } from './rows.js';
import { POLICIES, ROLES } from './world-choice.js';

/** `subject`: whose rights count; of a SCIM token, its maker. */
export type Caller = { name: string; subject: Subject; api: Api };

export const KEYS = '/api/v1/orgs/current/service-keys';
/** Of the workspaces. */
export const NAMES = ['Alpha', 'Beta'] as const;
/** A name that groups of the identity provider contain and no workspace has. */
export const PREPARED = 'Prepared';

/** Resources that are tagged in each workspace. */
export const RESOURCES = [1, 2, 3, 4].map(() => randomUUID());

/** An organization with the roles, groups and people of a choice. Callers below Organization Admin rank change it. */
export class World {
  readonly callers: Caller[] = [];
  readonly roles: string[];
  readonly policies: string[] = POLICIES.map(() => randomUUID());
  readonly people: Member[] = [];
  readonly workspaces: string[];
  /** Two groups of the organization. */
  readonly groups = [randomUUID(), randomUUID()];
  readonly accounts = [randomUUID(), randomUUID()];
  readonly pending = [1, 2].map((n) => `pending-${n}-${randomUUID().slice(0, 8)}@example.com`);
  readonly strangers = [1, 2, 3].map((n) => `new-${n}-${randomUUID().slice(0, 8)}@example.com`);
  /** A SCIM token that an operator created. */
  operatorToken = '';
  claimant: ReturnType<SsoEnvironment['person']> | null = null;

  constructor(
    readonly env: SsoEnvironment,
    readonly org: OrgWithAdmin,
  ) {
    this.workspaces = [org.workspaceId, randomUUID()];
    this.roles = ROLES.map((one) => ('system' in one ? role(one.system) : randomUUID()));
  }

  /** The rights of a SCIM token of an operator are those of its maker. */
  get tokenOfOperator(): Caller {
    const { email, api } = this.person(0);
    return { name: 'token of p0', subject: { kind: 'person', id: email }, api };
  }

  get operatorScim(): Scim {
    return new Scim(this.env.t.url, this.operatorToken);
  }

  rows(): Promise<Rows> {
    return loadRows(this.env.t, this.org.orgId);
  }

  person(n: number): Member {
    return required(this.people[n % this.people.length]);
  }

  at(list: 'roles' | 'policies' | 'groups' | 'workspaces' | 'accounts' | 'pending', n: number): string {
    return required(this[list][n % this[list].length]);
  }

  /** Leaves out rows that exist. */
  async insert(table: string, rows: readonly object[]): Promise<void> {
    const [first] = rows;
    if (!first) return;
    const columns = Object.keys(first).join(', ');
    await this.env.t.sql(
      `insert into ${table} (${columns})
       select ${columns} from jsonb_populate_recordset(null::${table}, $1) on conflict do nothing`,
      [JSON.stringify(rows)],
    );
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is nothing to select from');
  return value;
}
