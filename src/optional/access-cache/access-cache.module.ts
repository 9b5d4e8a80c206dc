import { Global, Module } from '@nestjs/common';
import { AccessChangeConfirmation } from '../../database/access-change-confirmation.js';
import { AccessCaches } from './access-caches.js';
import { AccessLease } from './access-lease.js';
import { ConfirmAccessChange } from './confirm-access-change.js';
import { RemoveOldChangesJob } from './remove-old-changes.job.js';

const CONFIRMATION = { provide: AccessChangeConfirmation, useClass: ConfirmAccessChange };

/** Caches of recognised callers, and what keeps them coherent (docs/decisions/0061). */
@Global()
@Module({
  providers: [AccessLease, AccessCaches, CONFIRMATION, RemoveOldChangesJob],
  exports: [AccessCaches, CONFIRMATION],
})
export class AccessCacheModule {}
