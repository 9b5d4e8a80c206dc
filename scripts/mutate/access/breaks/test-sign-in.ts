import type { Break } from '../break.ts';

const FOLDER = 'src/modules/auth/sign-in/test-sign-in';
const TESTS = `${FOLDER}/test-sign-ins.repository.ts`;
const CONTROLLER = `${FOLDER}/test-sign-in.controller.ts`;
const ATTACKS = ['test/e2e/sso-test-sign-in.e2e.ts'];

/** The test of single sign-on: who may start it, which browser may return, who reads the result, and that nothing stays. */
export const TEST_SIGN_IN: readonly Break[] = [
  {
    id: 'test-sign-in.rolled-back',
    file: 'src/modules/auth/sign-in/provisioning/rehearse-sign-in.ts',
    find: 'throw new Rehearsed(await this.rehearse(identity, context));',
    replace: 'return this.rehearse(identity, context);',
    why: 'A test would create accounts and give access.',
    tests: ATTACKS,
  },
  {
    id: 'test-sign-in.browser-has-the-session',
    file: `${FOLDER}/finish-test.ts`,
    find: `if ((await this.browserSession.findId(cookies)) !== sessionId) throw new InvalidLoginState('no session');`,
    replace: 'void cookies;',
    why: 'An attacker who plants a cookie would learn the claims of whoever opens the link.',
    tests: ATTACKS,
  },
  {
    id: 'test-sign-in.state-of-the-cookie',
    file: `${FOLDER}/test-attempts.ts`,
    find: `if (attempt?.state !== state) throw new InvalidLoginState('no cookie');`,
    replace: `if (!attempt) throw new InvalidLoginState('no cookie');`,
    why: 'An admin could be made to complete a test with the callback of another person.',
    tests: ATTACKS,
  },
  {
    id: 'test-sign-in.returns-once',
    file: TESTS,
    find: 'and returned_at is null and sealed_result is null and expires_at > now()\n    returning',
    replace: 'and expires_at > now()\n    returning',
    why: 'A callback could be replayed.',
    tests: ATTACKS,
  },
  {
    id: 'test-sign-in.ends-after-ten-minutes',
    file: TESTS,
    find: 'and sealed_result is null and expires_at > now()\n    returning',
    replace: 'and sealed_result is null\n    returning',
    why: 'An old callback would still be accepted.',
    tests: ATTACKS,
  },
  {
    id: 'test-sign-in.read-by-its-session',
    file: TESTS,
    find: 'where id = $1 and session_id = $2 and org_id = $3 and expires_at > now() and sealed_result is not null',
    replace:
      'where id = $1 and $2::uuid is not null and org_id = $3 and expires_at > now() and sealed_result is not null',
    why: 'Another admin could read the claims of the person.',
    tests: ATTACKS,
  },
  {
    id: 'test-sign-in.read-in-its-organization',
    file: TESTS,
    find: 'where id = $1 and session_id = $2 and org_id = $3 and expires_at > now() and sealed_result is not null',
    replace:
      'where id = $1 and session_id = $2 and $3::uuid is not null and expires_at > now() and sealed_result is not null',
    why: 'The id of a test of another organization would be known there.',
    tests: ATTACKS,
  },
  {
    id: 'test-sign-in.read-once',
    file: TESTS,
    find: 'delete from test_sign_ins\n',
    replace: 'update test_sign_ins set org_id = org_id\n',
    why: 'The claims would stay in the database, and the result could be read again.',
    tests: ATTACKS,
  },
  {
    id: 'test-sign-in.sealed',
    file: TESTS,
    find: 'return this.secretBox.encrypt(JSON.stringify(outcome));',
    replace: 'return JSON.stringify(outcome);',
    why: 'Claims would be readable in the database and in backups.',
    tests: ATTACKS,
  },
  {
    id: 'test-sign-in.rank',
    file: CONTROLLER,
    find: `@OrgAdminsOnly(OnlyAdminsTestSignIn)\n  @Audited('get_sso_settings_current')`,
    replace: `@Audited('get_sso_settings_current')`,
    why: 'An operator could see what single sign-on gives to whom.',
    tests: ATTACKS,
  },
  {
    id: 'test-sign-in.rank-to-read',
    file: CONTROLLER,
    find: '@OrgAdminsOnly(OnlyAdminsTestSignIn)\n  @Returns(TestSignInResult)',
    replace: '@Returns(TestSignInResult)',
    why: 'A demoted admin could still read the result.',
    tests: ATTACKS,
  },
  {
    id: 'test-sign-in.origin',
    file: CONTROLLER,
    find: 'this.browserSession.assertMayBeOpened(request);',
    replace: 'void request;',
    why: 'The cookie of a test could be set for a request that no page of ours has sent.',
    tests: ATTACKS,
  },
  {
    id: 'test-sign-in.default-organization',
    file: `${FOLDER}/test-sign-ins.service.ts`,
    find: 'if (!org.isDefault) throw new NotTheDefaultOrg();',
    replace: '',
    why: 'An admin of another organization would learn roles and workspaces of the default one.',
    tests: ATTACKS,
  },
  {
    id: 'test-sign-in.per-minute',
    file: `${FOLDER}/test-sign-ins.service.ts`,
    find: `await this.limiter.hit('test sign-ins of', required(userId, 'the user of a session'), PER_MINUTE);`,
    replace: 'void userId;',
    why: 'A caller could make the server ask the provider without a limit.',
    tests: ATTACKS,
  },
  {
    id: 'test-sign-in.other-claims-by-name',
    file: `${FOLDER}/describe-test.ts`,
    find: 'const isRead = (name: string) => uses.some(([, claim]) => claim === name);',
    replace: `const isRead = (name: string) => uses.some(([, claim]) => claim === name) || read.push({ usedFor: 'name', name, value: textOf(claims[name]) }) > 0;`,
    why: 'An admin would read claims that this installation does not use.',
    tests: ATTACKS,
  },
];
