/** About so many subjects are remembered, in some megabytes; beyond, everything counts as changed. */
const MAX_SUBJECTS = 50_000;
/** The nil UUID, which no user, organization or credential has. */
const EVERYBODY = '00000000-0000-0000-0000-000000000000';

/**
 * The access changes that this process has applied, in order. What was loaded at one position is out of date once a
 * later change names one of its subjects. A load that began before a change is out of date in the same way.
 */
export class ChangeHistory {
  private current = 0;
  private everybody = 0;
  private readonly subjects = new Map<string, number>();

  get position(): number {
    return this.current;
  }

  /** @param subjectIds ids of users, organizations and credentials; the nil UUID: everybody */
  add(subjectIds: readonly string[]): void {
    this.current++;
    for (const id of subjectIds) this.subjects.set(id, this.current);
    if (this.subjects.size > MAX_SUBJECTS || this.subjects.has(EVERYBODY)) this.addEverybody();
  }

  addEverybody(): void {
    this.current++;
    this.everybody = this.current;
    this.subjects.clear();
  }

  isUnchanged(subjectIds: readonly string[], since: number): boolean {
    if (since < this.everybody) return false;
    for (const id of subjectIds) if ((this.subjects.get(id) ?? 0) > since) return false;
    return true;
  }
}
