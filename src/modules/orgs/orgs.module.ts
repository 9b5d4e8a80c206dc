import { Module } from '@nestjs/common';
import { OrgsRepository } from './orgs.repository.js';
import { OrgsService } from './orgs.service.js';
import { WarnAboutSeveralOrganizations } from './warn-about-several-organizations.js';

/** Organizations with their settings and limits, without members and contents. */
@Module({ providers: [OrgsRepository, OrgsService, WarnAboutSeveralOrganizations], exports: [OrgsService] })
export class OrgsModule {}
