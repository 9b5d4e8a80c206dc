import { Injectable, type OnModuleInit } from '@nestjs/common';
import { unique } from '../../../common/collections.js';
import { Config } from '../../../config/config.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import { named, Sql } from '../../../database/transactions/sql.js';
import { type AuditEntry, RESOURCE_OWNER } from './entities.js';

type NamedPerson = { readonly id: string; readonly name: string | null; readonly email: string };
/** By the ids with which entries name people. */
export type AuditNames = ReadonlyMap<string, NamedPerson>;

/** $2: all ids; those of strangers are missing. */
const NAMED = { name: 'audit_names_named', text: 'select id, name, email from named_people($1, $2)' };

/** $2: an id or the address; with all other rows of that address, since somebody may have been invited as well. */
const FORGET = named('audit_names_forget')`
  delete from audit_names where org_id = $1 and email in (
    select email from audit_names where org_id = $1 and (person_id::text = $2 or email = $2))
  returning person_id as id`;

/** Removes the names of people whom no entry names any more. */
const UNNAMED = (days: number) =>
  sweep('audit_names', {
    key: 'ctid',
    time: 'named_at',
    daysLater: days,
    where: `not exists (select from audit_entries e where e.org_id = audit_names.org_id
      and (e.user_id = audit_names.person_id or e.resource_ids && audit_names.ids))`,
  });

/** Names for the ids in audit entries, as an organization knows or last knew people (docs/contract/audit.md#names). */
@Injectable()
export class AuditNamesRepository implements OnModuleInit {
  constructor(
    private readonly sql: Sql,
    private readonly removals: RemovalJob,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const { retentionDays } = this.config.audit;
    if (retentionDays > 0) this.removals.addSweep('names in the audit log', UNNAMED(retentionDays));
  }

  async findIn(orgId: string, entries: readonly AuditEntry[]): Promise<AuditNames> {
    const ids = unique(entries.flatMap(idsIn));
    if (ids.length === 0) return new Map();
    const people = await this.sql.rows<NamedPerson>(NAMED, [orgId, ids]);
    return new Map(people.map((person) => [person.id, person]));
  }

  /** @returns the ids of the users and invitations whose names were kept; empty if none was */
  async forget(orgId: string, idOrEmail: string): Promise<string[]> {
    const rows = await this.sql.rows<{ id: string }>(FORGET, [orgId, idOrEmail]);
    return rows.map(({ id }) => id);
  }
}

export const ownerOf = ({ details }: AuditEntry): string | null => {
  const owner = details?.[RESOURCE_OWNER];
  return typeof owner === 'string' ? owner : null;
};

const idsIn = (entry: AuditEntry): string[] =>
  [entry.userId, ownerOf(entry), ...entry.resourceIds].filter((id) => id !== null);
