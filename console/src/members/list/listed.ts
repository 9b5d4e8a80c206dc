import type { temporaryRole } from '../../access-ends/role-until';

/** A row of a list of members or invitations. */
export type Listed = { readonly id: string };
/** `until`: of a temporary role. */
export type NewRole = Listed & { readonly roleId: string; readonly until?: Until };
type Until = ReturnType<typeof temporaryRole>;

/** The parameters of a request about one row. */
export const at = ({ id }: Listed) => ({ params: { path: { identity_id: id } } });
