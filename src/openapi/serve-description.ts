import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { describeApi } from './served-description.js';

/** `GET /openapi.json`, and `/docs` for people; all of its assets are ours. */
export function serveDescription(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'Tenantry API',
    swaggerOptions: { persistAuthorization: true },
  });
}
