import { Module } from '@nestjs/common';
import { CheckLastingRights } from './check-lasting-rights.js';
import { HeldRights } from './held-rights.read-model.js';

/** Callers whose rights end give no rank that lasts longer. */
@Module({ providers: [CheckLastingRights, HeldRights] })
export class LastingRightsModule {}
