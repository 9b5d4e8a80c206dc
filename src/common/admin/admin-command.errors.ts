/** The command cannot be carried out; the message is for the operator. */
export class AdminCommandError extends Error {}
