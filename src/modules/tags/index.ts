export { TaggingsService } from './taggings.service.js';
export { TagsModule } from './tags.module.js';
