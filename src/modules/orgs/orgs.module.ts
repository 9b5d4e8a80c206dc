import { Module } from '@nestjs/common';
import { OrgsRepository } from './orgs.repository.js';
import { OrgsService } from './orgs.service.js';
import { WarnOfSeveralOrganizations } from './warn-of-several-organizations.js';

/** Owns organizations, their switches and limits. Knows neither who is in them nor what they contain. */
@Module({ providers: [OrgsRepository, OrgsService, WarnOfSeveralOrganizations], exports: [OrgsService] })
export class OrgsModule {}
