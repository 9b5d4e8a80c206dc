import { All, Controller } from '@nestjs/common';
import { NotSupported } from './protocol/scim.errors.js';
import { ScimTokenOnly } from './http/scim-token-only.decorator.js';
import { SCIM_ROOT } from './http/scim-root.js';

/** Endpoints of RFC 7644, sections 3.4.3 and 3.11, that this service does not implement: 501. */
@Controller(SCIM_ROOT)
@ScimTokenOnly()
export class UnsupportedController {
  @All('Me')
  refuseMe(): never {
    throw new NotSupported('A SCIM token represents an organization, not a user: /Me is not supported.');
  }

  @All('.search')
  refuseSearch(): never {
    throw new NotSupported(
      'Only one resource type can be searched at a time: /Users/.search or /Groups/.search.',
    );
  }
}
