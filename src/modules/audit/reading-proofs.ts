import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Config } from '../../config/config.js';
import type { AuditFilter, AuditPosition } from './entries/audit-entries.repository.js';

const PROOF_BYTES = 16;

/**
 * Proves that this server issued a position at the end of a page of the same read: same credential, organization and
 * filter. Otherwise a forged cursor could read the audit log from its beginning without an entry.
 */
@Injectable()
export class ReadingProofs {
  private readonly key: Buffer;

  constructor({ apiKeys }: Config) {
    this.key = Buffer.from(hkdfSync('sha256', apiKeys.salt, '', 'tenantry audit log cursors', 32));
  }

  /** @param facts of a page of audit logs by `factsOf`; those of other ways of reading begin with their name */
  proofOfFacts({ credential, orgId }: OrgPrincipal, facts: readonly unknown[]): string {
    const text = JSON.stringify([credential.id, orgId, ...facts]);
    const mac = createHmac('sha256', this.key).update(text).digest();
    return mac.subarray(0, PROOF_BYTES).toString('base64url');
  }

  isProofOfFacts(proof: string, reader: OrgPrincipal, facts: readonly unknown[]): boolean {
    const given = Buffer.from(proof, 'base64url');
    const expected = Buffer.from(this.proofOfFacts(reader, facts), 'base64url');
    return given.length === PROOF_BYTES && timingSafeEqual(given, expected);
  }
}

/** The end of a page of audit logs. */
export const factsOf = (filter: AuditFilter, position: AuditPosition): readonly unknown[] => {
  const { from, to, workspaceId, operations, userIds, apiKeyIds, resourceIds, clientHosts } = filter;
  const selection = [from, to, workspaceId, operations, userIds, apiKeyIds, resourceIds, clientHosts];
  return [...selection, position.createdAt, position.id];
};
