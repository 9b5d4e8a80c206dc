import { describe, expect, it } from '@jest/globals';
import { type InvitationEmail, invitationValues } from './invitation-email.js';

const permanent = (...names: string[]) => names.map((name) => ({ name, endsAt: null }));

const EMAIL: InvitationEmail = {
  id: '01900000-0000-7000-8000-000000000001',
  orgId: '01900000-0000-7000-8000-000000000002',
  email: 'grace@example.com',
  fullName: null,
  inviterName: 'Ada Lovelace',
  inviterEmail: 'ada@example.com',
  orgName: 'Acme',
  language: null,
  workspaces: permanent('Research', 'Operations'),
  accessEndsAt: null,
  expiresAt: new Date('2026-12-03T10:00:00Z'),
  hoursLeft: 24,
  hasAccount: true,
};

const valuesOf = (changes: Partial<InvitationEmail>, language = 'en') =>
  invitationValues({ ...EMAIL, ...changes }, { link: null, passwordLink: null }, language);

describe('invitationValues', () => {
  it('writes date and list in the language of the mail', () => {
    expect(valuesOf({})).toMatchObject({
      expires_at: '3 December 2026 at 10:00',
      workspaces: 'Research and Operations',
      one_workspace: null,
    });
    expect(valuesOf({}, 'de')).toMatchObject({
      expires_at: '3. Dezember 2026 um 10:00',
      workspaces: 'Research und Operations',
    });
  });

  it('names one workspace apart, and none not at all', () => {
    expect(valuesOf({ workspaces: permanent('Research') })).toMatchObject({
      one_workspace: 'Research',
      workspaces: null,
    });
    expect(valuesOf({ workspaces: [] })).toMatchObject({ one_workspace: null, workspaces: null });
  });

  it('truncates long names and counts the last workspaces of a long list', () => {
    const names = Array.from({ length: 12 }, (_, n) => `Team ${n + 1}`);
    const { inviter, workspaces, more_workspaces } = valuesOf({
      inviterName: 'x'.repeat(5000),
      workspaces: permanent(...names),
    });

    expect(inviter).toHaveLength(101 + ' (ada@example.com)'.length);
    expect(workspaces).toMatch(/Team 9, Team 10$/);
    expect(more_workspaces).toBe('2');
  });

  it('says when access ends: in the organization, and in workspaces in which it ends before that', () => {
    const workspaces = [
      { name: 'Research', endsAt: '2027-01-15T10:00:00+00:00' },
      { name: 'Operations', endsAt: '2027-03-15T10:00:00+00:00' },
      ...permanent('Sales'),
    ];
    const research = { workspace: 'Research', ends_at: '15 January 2027 at 10:00' };

    expect(valuesOf({ workspaces, accessEndsAt: '2027-02-15T10:00:00+00:00' }).ends).toEqual([
      { workspace: null, ends_at: '15 February 2027 at 10:00' },
      research,
    ]);
    expect(valuesOf({ workspaces }).ends).toEqual([
      research,
      { workspace: 'Operations', ends_at: '15 March 2027 at 10:00' },
    ]);
    expect(valuesOf({}).ends).toEqual([]);
  });
});
