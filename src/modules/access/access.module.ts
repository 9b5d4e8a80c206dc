import { Global, Module } from '@nestjs/common';
import { AccessLimits } from '../../common/access/access-limits.js';
import { AccessHoldings } from './access-holdings.read-model.js';
import { CompareAccess } from './compare-access.js';
import { OwnEnds } from './own-ends.read-model.js';
import { RightsBeyondUsers } from './rights-beyond-users.js';

/** Compares what changes give with what their callers hold. Global, since modules below this one ask, too. */
@Global()
@Module({
  providers: [AccessHoldings, OwnEnds, RightsBeyondUsers, { provide: AccessLimits, useClass: CompareAccess }],
  exports: [AccessLimits, RightsBeyondUsers],
})
export class AccessModule {}
