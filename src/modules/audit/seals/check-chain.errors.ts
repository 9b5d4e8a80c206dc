/** The first inconsistency in a chain; the message is for the operator. */
export class ChainBroken extends Error {}
