import { Module } from '@nestjs/common';
import { OrgsRepository } from './orgs.repository.js';
import { OrgsService } from './orgs.service.js';
import { WarnOfSeveralOrganizations } from './warn-of-several-organizations.js';

/** Organizations with their settings and limits, without members and contents. */
@Module({ providers: [OrgsRepository, OrgsService, WarnOfSeveralOrganizations], exports: [OrgsService] })
export class OrgsModule {}
