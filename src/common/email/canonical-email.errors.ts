/** An address that cannot be stored; `reason` completes "The e-mail address ...". */
export class InvalidEmail extends Error {
  constructor(readonly reason: string) {
    super(`The e-mail address ${reason}.`);
    this.name = 'InvalidEmail';
  }
}
