import { Module } from '@nestjs/common';
import { AccessLease } from './access-lease.js';
import { ConfirmAccessChanges } from './confirm-access-changes.js';
import { LeasedAccessCache } from './leased-access-cache.js';
import { RemoveOldChangesJob } from './remove-old-changes.job.js';

/** The cache of recognized callers and SCIM tokens, and what keeps it coherent (docs/decisions/0124). */
@Module({
  providers: [AccessLease, LeasedAccessCache, ConfirmAccessChanges, RemoveOldChangesJob],
})
export class AccessCacheModule {}
