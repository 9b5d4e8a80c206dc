import { Module } from '@nestjs/common';
import { CheckLastingRights } from './check-lasting-rights.js';
import { LastingRightsReader } from './lasting-rights.read-model.js';

/** Callers whose rights end give no rank that lasts longer. */
@Module({ providers: [CheckLastingRights, LastingRightsReader] })
export class LastingRightsModule {}
