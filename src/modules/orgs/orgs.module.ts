import { Module } from '@nestjs/common';
import { OrgsRepository } from './orgs.repository.js';
import { WarnAboutSeveralOrganizations } from './warn-about-several-organizations.js';

/** Organizations with their settings and limits, without members and contents. */
@Module({ providers: [OrgsRepository, WarnAboutSeveralOrganizations], exports: [OrgsRepository] })
export class OrgsModule {}
