import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ReturnsNothing } from '../../../common/http/returns.js';
import { Audited } from '../../audit/index.js';
import { readListRequest } from '../protocol/list-request.js';
import { ScimTokenOnly } from '../scim-access.js';
import { Call, type ScimCall } from '../scim-call.js';
import { SCIM_ROOT } from '../scim-root.js';
import { GroupAnswers } from './group-answers.js';
import { WriteGroups } from './write-groups.js';

@Controller(`${SCIM_ROOT}/Groups`)
@ScimTokenOnly()
export class ScimGroupsController {
  constructor(
    private readonly answers: GroupAnswers,
    private readonly write: WriteGroups,
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
  @Audited('create_scim_group')
  async create(@Call() call: ScimCall, @Body() body: unknown) {
    const shown = this.answers.shownFor(call);
    return shown(await this.write.create(call.principal, body));
  }

  @Get(':id')
  get(@Call() call: ScimCall, @Param('id') id: string) {
    return this.answers.shownFor(call)(id);
  }

  @Put(':id')
  @Audited('update_scim_group')
  async replace(@Call() call: ScimCall, @Param('id') id: string, @Body() body: unknown) {
    const shown = this.answers.shownFor(call);
    await this.write.replace(call.principal, { id, ifMatch: call.ifMatch }, body);
    return shown(id);
  }

  /** 204, unless attributes are asked for; `AnswerScimJson` makes nothing of nothing. */
  @Patch(':id')
  @Audited('update_scim_group')
  async patch(@Call() call: ScimCall, @Param('id') id: string, @Body() body: unknown) {
    const shown = this.answers.shownAfterPatch(call);
    await this.write.patch(call.principal, { id, ifMatch: call.ifMatch }, body);
    return shown?.(id);
  }

  @Delete(':id')
  @Audited('delete_scim_group')
  @ReturnsNothing()
  async remove(@Call() call: ScimCall, @Param('id') id: string) {
    await this.write.remove(call.principal, { id, ifMatch: call.ifMatch });
  }
}
