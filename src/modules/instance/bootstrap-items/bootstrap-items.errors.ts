/** An item of the bootstrap cannot be applied; nothing of the bootstrap is stored. */
export class BootstrapItemFailed extends Error {
  constructor({ kind, name }: { kind: string; name: string }, cause: unknown) {
    super(`The bootstrap item ${kind} "${name}" cannot be applied: ${(cause as Error).message}`, { cause });
    this.name = 'BootstrapItemFailed';
  }
}

export class WorkspaceOfItemMissing extends Error {
  constructor(name: string) {
    super(`the organization has no workspace named "${name}"`);
  }
}
