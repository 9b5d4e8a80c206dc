import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Config } from '../../config/config.js';
import type { AuditFilter, AuditPosition } from './entries/audit-page.statements.js';

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

  proofOf(reader: OrgPrincipal, filter: AuditFilter, position: AuditPosition): string {
    return this.proofOfFacts(reader, factsOf(filter, position));
  }

  isProof(proof: string, reader: OrgPrincipal, filter: AuditFilter, position: AuditPosition): boolean {
    return this.isProofOfFacts(proof, reader, factsOf(filter, position));
  }

  /** For other ways of reading; their facts begin with their name. */
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

const factsOf = (filter: AuditFilter, position: AuditPosition): readonly unknown[] => {
  const { from, to, workspaceId, operations, userIds, apiKeyIds, resourceIds, clientHosts } = filter;
  const selection = [from, to, workspaceId, operations, userIds, apiKeyIds, resourceIds, clientHosts];
  return [...selection, position.createdAt, position.id];
};
