import { applyDecorators, UseGuards, UseInterceptors } from '@nestjs/common';
import { declareScimToken } from '../../common/access/access-rule.decorator.js';
import { ApiExcludeController } from '../../common/http/swagger.decorator.js';
import { ScimJsonInterceptor } from './scim-json.interceptor.js';
import { ScimGuard } from './scim.guard.js';

/** Controllers that identity providers talk to: rule and guard in one, so that neither is there without the other. */
export const ScimTokenOnly = () =>
  applyDecorators(
    declareScimToken(),
    UseGuards(ScimGuard),
    UseInterceptors(ScimJsonInterceptor),
    ApiExcludeController(), // described by /Schemas, not by OpenAPI
  );
