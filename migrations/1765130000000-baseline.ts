import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Creates the tables of 0.6.0 on an empty database, in place of the migrations until then (docs/decisions/0120). */
export class Baseline1765130000000 implements MigrationInterface {
  name = 'Baseline1765130000000';
  readonly replaces = REPLACED;
  readonly irreversible = 'it created the whole schema.';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(readFileSync(join(import.meta.dirname, 'baseline.sql'), 'utf8'));
  }

  down(): Promise<void> {
    return Promise.reject(new Error(this.irreversible));
  }
}

/** In the order in which they were applied. */
const REPLACED = [
  'CreateTenancy1764000000000',
  'CountHeads1764000000001',
  'CreateOnboardingStates1764100000000',
  'CreateSsoSettings1764100000001',
  'StampAuditEntriesWhenWritten1764200000000',
  'CreateServiceAccounts1764300000000',
  'CreateAccessPolicies1764300000001',
  'RememberUsedLoginStates1764400000000',
  'KeepCookieSessions1764400000100',
  'ExplainAuditEntries1764400000200',
  'ConfirmEmails1764400000201',
  'CreateBreakGlassPasswords1764400000202',
  'NameLoginPages1764400000203',
  'CreateEmailConfirmations1764400000204',
  'SealAuditEntries1764420000000',
  'FindRoleChanges1764420000001',
  'CreateIdempotencyKeys1764430000000',
  'CreateInvitationMails1764440000000',
  'CreateScimTokens1764450000000',
  'CreateScimUsersAndGroups1764450000001',
  'ChangeGroupsWithTheirMembers1764450000002',
  'KeepTheNilIdNobodys1764460000000',
  'FindAcceptedInvitations1764460000001',
  'HoldKeysToTheirOrganization1764470000000',
  'LimitScimTokensOfOperators1764480000000',
  'LimitGroupsThatOperatorsWrote1764490000000',
  'DropIndexThatAnotherCovers1764500000000',
  'RememberWhoChosePasswords1764600000000',
  'LimitOlderScimTokensOfOperators1764610000000',
  'CreateLoginNetworks1764620000000',
  'FreeSeatsOfExpiredInvitations1764710000000',
  'FindRowsPastTheirRetention1764710000001',
  'StoreProvenanceOfMemberships1764730000000',
  'DeriveProvenanceOfMemberships1764730000001',
  'MakeGroupNamesUniqueWithoutCase1764750000000',
  'StoreWhatProvidersSayOfLogins1764780000000',
  'CreateMemberActivity1764780000001',
  'RecordAppliedBootstrapItems1764790000000',
  'ChooseMailLanguage1764800000000',
  'ExtendCustomRolesByNewPermissions1764810000000',
  'CreateRoleRestrictions1764810000001',
  'RevokePersonalAccessTokens1764810000002',
  'LetOrganizationsForbidKeyCreationByKeys1764810000003',
  'CreateUserGroups1764820000000',
  'CreateTags1764830000000',
  'DescribeSessions1764840000000',
  'CreatePasswordLinks1764840000001',
  'CreatePasswordMails1764840000002',
  'CopyNamesIntoMemberships1764850000000',
  'FillNamesOfMemberships1764850000001',
  'OrderMembersByIndex1764850000002',
  'SearchPeopleByTrigrams1764850000003',
  'FindAuditEntriesByFilters1764850000004',
  'CreateUserGroupServiceAccounts1764860000000',
  'LogAccessChanges1764870000000',
  'OrderPendingInvitationsByIndex1764871000000',
  'SearchMembersByTrigrams1764871000001',
  'SearchScimUsersByIndex1764871000002',
  'CountScimUsers1764871000003',
  'IndexScimAddressesAtOnce1764873000000',
  'LogChangesOfScimTokens1764873000001',
  'SearchWorkspaceMembersByIndex1764880000000',
  'OrderWorkspacesOfKeys1764890000000',
  'SortUserGroupsWithoutCase1764890000001',
  'LogAccessChangesOfReplicas1764891000000',
  'LetNamesOfWorkspacesCountInGroupNames1764894000000',
  'LetNamesOfAdminsMakeOperators1764894000001',
  'RecordMakersOfCredentials1764895000000',
  'CommentOnTables1764897000000',
  'CreateTestSignIns1764898000000',
  'FindAuditEntriesByAddress1764899000000',
  'RotateCredentials1764900500000',
  'CreateExpiryMails1764902000000',
  'FindCredentialsByMarks1764903000000',
  'CreateLogCursors1765000000000',
  'CreateWebhooks1765001000000',
  'CreateLogStreams1765002000000',
  'AddIpAllowlist1765005000000',
  'AddScimRoles1765007000000',
  'TellExpiriesWithoutMails1765009000000',
  'AddSignInAssurance1765100000000',
  'LetAccessEnd1765105000000',
  'CreateAccessRequests1765110000000',
  'TellEndsOfAccess1765120000000',
  'TellEndsOfGroups1765130000000',
];
