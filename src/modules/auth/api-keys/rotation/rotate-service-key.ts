import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { Transaction } from '../../../../database/transactions/transaction.js';
import type { NewKey } from '../core/api-keys.service.js';
import { CallerKeys } from '../core/caller-keys.js';
import { RotationOutlivesCaller } from '../core/errors.js';
import { isOutlivedBy } from '../core/key-expiry.js';
import { ServiceKeyRights } from '../service-keys/service-key-rights.js';
import { ReplaceSecret } from './replace-secret.js';

/** Rotates a service key for those who could create it as it is, since they learn its secret. */
@Injectable()
export class RotateServiceKey {
  constructor(
    private readonly rights: ServiceKeyRights,
    private readonly callerKeys: CallerKeys,
    private readonly replaceSecret: ReplaceSecret,
    private readonly transaction: Transaction,
  ) {}

  run(principal: OrgPrincipal, id: string, overlapHours: number): Promise<NewKey> {
    return this.transaction.as(principal, async () => {
      const key = await this.rights.getChangeable(principal, id);
      const { expiresAt, rightsEndAt } = await this.callerKeys.hold(principal, key);
      await this.rights.assertMayChange(principal, null, key);
      if (isOutlivedBy(expiresAt, key)) throw new RotationOutlivesCaller();
      return this.replaceSecret.run(principal, 'rotate_service_key', key, { overlapHours, rightsEndAt });
    });
  }
}
