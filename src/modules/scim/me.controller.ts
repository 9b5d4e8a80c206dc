import { All, Controller } from '@nestjs/common';
import { NotSupported } from './protocol/scim-error.js';
import { ScimTokenOnly } from './scim-access.js';
import { SCIM_ROOT } from './scim-root.js';

/** A token stands for an organization, so there is no "me" (RFC 7644, section 3.11: then 501). */
@Controller(`${SCIM_ROOT}/Me`)
@ScimTokenOnly()
export class MeController {
  @All()
  refuse(): never {
    throw new NotSupported('A SCIM token is nobody: there is no /Me here.');
  }
}
