import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { TagKeysController } from './tag-keys.controller.js';
import { TagKeysRepository } from './tag-keys.repository.js';
import { TagKeysService } from './tag-keys.service.js';
import { TaggingsController } from './taggings.controller.js';
import { TaggingsRepository } from './taggings.repository.js';
import { TaggingsService } from './taggings.service.js';

/** Tags of resources, which access policies compare. */
@Module({
  imports: [AuditModule],
  controllers: [TagKeysController, TaggingsController],
  providers: [TagKeysRepository, TagKeysService, TaggingsRepository, TaggingsService],
  exports: [TaggingsService],
})
export class TagsModule {}
