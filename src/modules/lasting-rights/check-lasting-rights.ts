import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccessLimits, type PlaceOfRights } from '../../common/access/access-limits.js';
import { ChangeOutlivesCaller } from '../../common/access/access.errors.js';
import { listedNames } from '../../common/collections.js';
import type { NeededPermission, OrgPrincipal } from '../../common/access/principal.js';
import { awaitAll } from '../../database/transactions/unit-of-work.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { OwnAccessEnd } from '../members/index.js';
import { HeldRights } from './held-rights.read-model.js';
import { findOutliving, type Outliving } from './outliving-rights.js';

/**
 * Callers whose rights end give no rank that lasts longer, and nothing that lasts longer to themselves: compares who has rank before and after each
 * of their changes, under the roster lock (docs/contract/members.md#what-a-caller-whose-access-ends-gives).
 */
@Injectable()
export class CheckLastingRights implements OnModuleInit {
  constructor(
    private readonly transaction: Transaction,
    private readonly limits: AccessLimits,
    private readonly rights: HeldRights,
  ) {}

  onModuleInit(): void {
    this.transaction.checkChanges<OrgPrincipal>((caller) => this.before(caller));
  }

  private async before(caller: OrgPrincipal): Promise<(() => Promise<void>) | null> {
    if (!(await this.limits.isTemporary(caller))) return null;
    const { orgId, madeByUserId, credential } = caller;
    const clearsEnds = credential.kind === 'scim-token'; // of memberships that it takes over
    const [before, endOf, limited] = await awaitAll([
      this.rights.load(orgId, madeByUserId),
      this.limits.loadEnds(caller),
      clearsEnds ? this.rights.listLimited(orgId) : [],
    ]);
    return async () => {
      const limit = Math.min(...[IN_ORG, ...caller.needs.map(placeOf)].map(endOf));
      const after = await this.rights.load(orgId, madeByUserId);
      const outliving = findOutliving(before, after, { endOf, limit });
      if (outliving) throw refusalOf(outliving);
      const who = await this.rights.listMadePermanent(orgId, limited);
      if (who.length > 0) throw refusalOf({ who, isOwn: false, until: new Date(limit) });
    };
  }
}

const IN_ORG: PlaceOfRights = { workspaceId: null, permissions: new Set() };
const placeOf = ({ workspaceId, permission }: NeededPermission): PlaceOfRights => ({
  workspaceId,
  permissions: new Set([permission]),
});

function refusalOf({ who, isOwn, until }: Outliving): OwnAccessEnd | ChangeOutlivesCaller {
  const end = until.toISOString();
  return isOwn
    ? new OwnAccessEnd(
        `You would have something for longer than ${end}, when the rights end with which you give it; ask somebody else who may give this access.`,
        who,
      )
    : new ChangeOutlivesCaller(
        `This would last for longer than ${end}, when your rights to give it end: ${listedNames(who)}. Give it until then, or ask an Organization Admin whose role does not end.`,
        who,
      );
}
