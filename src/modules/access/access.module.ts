import { Global, Module } from '@nestjs/common';
import { AccessLimits } from '../../common/access/access-limits.js';
import { AccessHoldings } from './access-holdings.read-model.js';
import { CompareAccess } from './compare-access.js';

/** Compares what changes give with what their callers hold. Global, since modules below this one ask, too. */
@Global()
@Module({
  providers: [AccessHoldings, { provide: AccessLimits, useClass: CompareAccess }],
  exports: [AccessLimits],
})
export class AccessModule {}
