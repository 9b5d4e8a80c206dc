import ts from 'typescript';

/** Where a declaration stands. */
export type Place = { readonly file: string; readonly start: number; readonly end: number };

/** Declarations by name: `acceptInvitation`, `MOST_SEATS`, `Seats`, `Seats.assertWithinLimit`. A name may stand in several files. */
export class Symbols {
  private readonly places = new Map<string, Place[]>();

  constructor(files: readonly string[], read: (file: string) => string) {
    for (const file of files) {
      const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
      for (const statement of source.statements) this.addStatement(file, statement);
    }
  }

  placesOf(name: string): readonly Place[] {
    return this.places.get(name) ?? [];
  }

  private addStatement(file: string, statement: ts.Statement): void {
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations)
        this.add(file, name.getText(), statement);
    if (!ts.isClassDeclaration(statement) && !ts.isFunctionDeclaration(statement)) return;
    const name = statement.name?.text ?? 'default';
    this.add(file, name, statement);
    if (!ts.isClassDeclaration(statement)) return;
    for (const member of statement.members)
      this.add(file, `${name}.${member.name?.getText() ?? 'constructor'}`, member);
  }

  private add(file: string, name: string, node: ts.Node): void {
    const place = { file, start: node.getStart(), end: node.getEnd() };
    this.places.set(name, [...this.placesOf(name), place]);
  }
}
