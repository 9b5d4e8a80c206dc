import { Injectable, type PipeTransform } from '@nestjs/common';
import { ValidationFailed } from '../../common/errors/errors.js';
import { Outbound } from '../../common/outbound/outbound.js';

/** Checks the address of a webhook (docs/security.md#requests-to-addresses-of-organizations). */
@Injectable()
export class WebhookUrlPipe<Body extends { url?: string }> implements PipeTransform<Body, Body> {
  constructor(private readonly outbound: Outbound) {}

  transform(body: Body): Body {
    const flaw = body.url === undefined ? null : this.outbound.flawOf(body.url);
    if (flaw) throw new ValidationFailed([{ loc: ['body', 'url'], ...flaw }]);
    return body;
  }
}
