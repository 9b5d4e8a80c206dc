import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { TagKeysController } from './tag-keys.controller.js';
import { TaggingsController } from './taggings.controller.js';
import { TagsRepository } from './tags.repository.js';
import { TagsService } from './tags.service.js';

/** Tags of resources, which access policies compare. */
@Module({
  imports: [AuditModule],
  controllers: [TagKeysController, TaggingsController],
  providers: [TagsRepository, TagsService],
})
export class TagsModule {}
