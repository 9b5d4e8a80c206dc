import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CurrentPrincipal, OwnCommand, OwnQuery } from '../../../common/access/access.decorator.js';
import type { UserPrincipal } from '../../../common/access/principal.js';
import { AcceptsForm, Problems, Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { DeviceDecision, DeviceRequest } from '../../../contract/oauth.js';
import { InvalidProtocolRequest } from '../core/errors.js';
import { toApplicationInfo } from '../clients/client.mapper.js';
import { approverIn, workspaceOf } from './approver.js';
import { type Device, DevicesService } from './devices.service.js';
import { formOf, optional, requiredParameter } from './form.js';

/** What the page for devices calls: docs/contract/oauth.md#devices. */
@ApiTags('oauth')
@Problems('oauth')
@Controller('api/v1/oauth/device')
@Refuses('invalid_oauth_request', 'unknown_application', 'user_code_not_found')
export class DevicesController {
  constructor(private readonly devices: DevicesService) {}

  /** Who asks, from where and since when. */
  @Post('request')
  @HttpCode(200)
  @OwnQuery(DeviceRequest)
  @AcceptsForm()
  async getDeviceRequest(
    @CurrentPrincipal() principal: UserPrincipal,
    @Req() { body }: FastifyRequest,
  ): Promise<DeviceRequest> {
    return toDeviceRequest(await this.devices.find(principal, requiredParameter(formOf(body), 'user_code')));
  }

  @Post('authorize')
  @HttpCode(200)
  @OwnCommand('create_oauth_grant', DeviceDecision, { context: 'org' })
  @AcceptsForm()
  @Refuses(
    'application_of_another_organization',
    'approval_for_another_organization',
    'pat_creation_disabled_by_operator',
    'pat_creation_disabled_by_org',
    'workspace_not_found',
  )
  async decideDevice(
    @CurrentPrincipal() principal: UserPrincipal,
    @Req() { body }: FastifyRequest,
  ): Promise<DeviceDecision> {
    const form = formOf(body);
    const approver = approverIn(principal, form);
    const workspaceId = workspaceOf(form);
    const action = optional(form, 'action') ?? 'approve';
    const device = await this.devices.find(principal, requiredParameter(form, 'user_code'));
    const { clientId } = device.application;
    if (action === 'deny') {
      await this.devices.deny(device);
      return { status: 'denied', client_id: clientId };
    }
    if (action !== 'approve') throw new InvalidProtocolRequest('action must be approve or deny.');
    await this.devices.approve(approver, device, workspaceId);
    return { status: 'authorized', client_id: clientId };
  }
}

function toDeviceRequest({ userCode, pending, application, scopes }: Device): DeviceRequest {
  const { deviceInfo = {} } = pending.content as { deviceInfo?: { ip?: string; userAgent?: string } };
  return {
    client: toApplicationInfo(application),
    user_code: `${userCode.slice(0, 4)}-${userCode.slice(4)}`,
    scopes: [...scopes],
    requested_at: pending.createdAt.toISOString(),
    expires_at: pending.expiresAt.toISOString(),
    requested_from: deviceInfo.ip || null,
    user_agent: deviceInfo.userAgent || null,
  };
}
