import { useScimTokens } from '../keys/use-scim-tokens';
import { signInMethod } from '../page/page-settings';
import { useLoginMethods } from '../session/use-login-methods';

export type Step = 'password' | 'invite' | 'signOn' | 'scim';
export type Steps = Partial<Record<Step, boolean>>;

/** Which of the first steps are done, as the data shows. Passwords are no step where they are not used. */
export function useFirstSteps(hasOthers: boolean, isAsked: boolean): Steps | undefined {
  const { data: logins } = useLoginMethods();
  const { data: tokens } = useScimTokens(isAsked);
  if (!logins || !tokens) return undefined;
  const chooser = logins.find((login) => login.password_chosen_by)?.password_chosen_by;
  return {
    ...(signInMethod === 'password' && chooser ? { password: chooser === 'owner' } : {}),
    invite: hasOthers,
    signOn: signInMethod === 'sso',
    scim: tokens.length > 0,
  };
}
