import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ReturnsNothing } from '../../../common/http/returns.js';
import { Audited } from '../../audit/index.js';
import { readListRequest } from '../protocol/list-request.js';
import { ScimTokenOnly } from '../scim-access.js';
import { Call, type ScimCall } from '../scim-call.js';
import { SCIM_ROOT } from '../scim-root.js';
import { ReadUsers } from './read-users.js';
import { UserAnswers } from './user-answers.js';
import { WriteUsers } from './write-users.js';

@Controller(`${SCIM_ROOT}/Users`)
@ScimTokenOnly()
export class ScimUsersController {
  constructor(
    private readonly answers: UserAnswers,
    private readonly read: ReadUsers,
    private readonly write: WriteUsers,
  ) {}

  @Get()
  list(@Call() call: ScimCall) {
    return this.answers.page(call, readListRequest(call.query));
  }

  @Post('.search')
  @HttpCode(200)
  search(@Call() call: ScimCall, @Body() body: unknown) {
    return this.answers.page(call, readListRequest(body));
  }

  @Post()
  @Audited('create_scim_user')
  async create(@Call() call: ScimCall, @Body() body: unknown) {
    const shown = this.answers.shownFor(call);
    return shown(await this.write.create(call.principal, body));
  }

  @Get(':id')
  async get(@Call() call: ScimCall, @Param('id') id: string) {
    const shown = this.answers.shownFor(call);
    return shown(await this.read.get(call.principal, id));
  }

  @Put(':id')
  @Audited('update_scim_user')
  async replace(@Call() call: ScimCall, @Param('id') id: string, @Body() body: unknown) {
    const shown = this.answers.shownFor(call);
    return shown(await this.write.replace(call.principal, { id, ifMatch: call.ifMatch }, body));
  }

  @Patch(':id')
  @Audited('update_scim_user')
  async patch(@Call() call: ScimCall, @Param('id') id: string, @Body() body: unknown) {
    const shown = this.answers.shownFor(call);
    return shown(await this.write.patch(call.principal, { id, ifMatch: call.ifMatch }, body));
  }

  @Delete(':id')
  @Audited('delete_scim_user')
  @ReturnsNothing()
  async remove(@Call() call: ScimCall, @Param('id') id: string) {
    await this.write.remove(call.principal, { id, ifMatch: call.ifMatch });
  }
}
