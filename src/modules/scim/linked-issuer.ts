import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';

const DISCOVERY = /\/?\.well-known\/openid-configuration$/;

/** The issuer whose subjects are the `externalId`s of users (semantics, section 11). Null without single sign-on. */
@Injectable()
export class LinkedIssuer {
  readonly issuer: string | null;

  constructor({ sso }: Config) {
    this.issuer = sso ? sso.issuerUrl.replace(DISCOVERY, '') : null;
  }

  loginOf(externalId: string | null): { issuer: string; subject: string } | null {
    return this.issuer === null || externalId === null ? null : { issuer: this.issuer, subject: externalId };
  }
}
