import { applyDecorators, UseGuards, UseInterceptors } from '@nestjs/common';
import { declareScimToken } from '../../../common/access/access-rule.decorator.js';
import { ApiExcludeController } from '../../../common/http/swagger.decorator.js';
import { ScimJsonInterceptor } from './scim-json.interceptor.js';
import { ScimGuard } from './scim.guard.js';

/** Access rule and guard of SCIM controllers in one decorator, so that neither can be forgotten. */
export const ScimTokenOnly = () =>
  applyDecorators(
    declareScimToken(),
    UseGuards(ScimGuard),
    UseInterceptors(ScimJsonInterceptor),
    ApiExcludeController(), // described by /Schemas, not by OpenAPI
  );
