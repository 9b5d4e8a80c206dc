import { Injectable } from '@nestjs/common';
import { type AuditLag, AuditSealsRepository } from './audit-seals.repository.js';

/** Counting stops here: more means that sealing has stopped. */
const COUNTED = 10_000;

/** How far the seals are behind the audit log. */
@Injectable()
export class AuditSealLag {
  constructor(private readonly seals: AuditSealsRepository) {}

  async read(): Promise<AuditLag> {
    const { sealed } = await this.seals.getProgress();
    return this.seals.getLag(sealed, COUNTED);
  }
}
