import { All, Controller } from '@nestjs/common';
import { NotSupported } from './protocol/scim.errors.js';
import { ScimTokenOnly } from './scim-token-only.decorator.js';
import { SCIM_ROOT } from './scim-root.js';

/** What the RFC knows and this service does not: 501 (RFC 7644, sections 3.4.3 and 3.11). */
@Controller(SCIM_ROOT)
@ScimTokenOnly()
export class UnsupportedController {
  @All('Me')
  refuseMe(): never {
    throw new NotSupported(
      'A SCIM token stands for an organization, not for a person: there is no /Me here.',
    );
  }

  @All('.search')
  refuseSearch(): never {
    throw new NotSupported('One kind of resource is searched at a time: /Users/.search or /Groups/.search.');
  }
}
