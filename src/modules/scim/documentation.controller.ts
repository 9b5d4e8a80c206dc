import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '../../common/access/access.decorator.js';
import { SCIM_ROOT } from './http/scim.guard.js';
import { ApiExcludeController } from '../../common/http/operations/swagger.decorator.js';
import { PROJECT_FOLDER } from '../../common/version.js';

/**
 * The page for administrators that `documentationUri` of the ServiceProviderConfig names (RFC 7643, section 5). Public,
 * since browsers have no SCIM token; served by the installation itself, which may have no access to the internet.
 */
@ApiExcludeController()
@Controller(`${SCIM_ROOT}/docs`)
export class DocumentationController {
  /** Markdown, as plain text: browsers offer other Markdown as a download. */
  @Get()
  @Public()
  @Header('content-type', 'text/plain; charset=utf-8')
  read(): Promise<string> {
    return readFile(join(PROJECT_FOLDER, 'docs', 'scim.md'), 'utf8');
  }
}
