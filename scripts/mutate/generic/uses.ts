import ts from 'typescript';
import { readProject } from '../working-copy.ts';

type Names = { readonly imported: Set<string>; readonly used: Map<string, number[]> };

export type Position = { readonly file: string; readonly at: number };

/** Where a text of the sources runs: where it stands or, in a constant, where that is used. */
export class Uses {
  private readonly sources = new Map<string, ts.SourceFile>();
  private readonly names = new Map<string, Names>();
  private readonly files: readonly string[];

  constructor(files: readonly string[]) {
    this.files = files;
  }

  of(position: Position, seen: readonly string[] = []): Position[] {
    const name = this.constantAt(position);
    if (name === null) return [position];
    const key = `${position.file} ${name}`;
    if (seen.includes(key)) return [];
    return this.positionsOf(name, position.file).flatMap((each) => this.of(each, [...seen, key]));
  }

  /** The constant of the module that is set there; null inside of functions. */
  private constantAt({ file, at }: Position): string | null {
    const statement = this.sourceOf(file).statements.find((each) => each.pos <= at && at < each.end);
    if (!statement || !ts.isVariableStatement(statement)) return null;
    const isInFunction = (node: ts.Node): boolean =>
      node.pos <= at &&
      at < node.end &&
      (ts.isFunctionLike(node) ||
        (ts.forEachChild(node, (child) => isInFunction(child) || undefined) ?? false));
    return isInFunction(statement) ? null : statement.declarationList.declarations[0]!.name.getText();
  }

  private positionsOf(name: string, declaredIn: string): Position[] {
    return this.files
      .map((file) => ({ file, names: this.namesIn(file) }))
      .filter(({ file, names }) => file === declaredIn || names.imported.has(name))
      .flatMap(({ file, names }) => (names.used.get(name) ?? []).map((at) => ({ file, at })));
  }

  private namesIn(file: string): Names {
    const known = this.names.get(file);
    if (known) return known;
    const names: Names = { imported: new Set(), used: new Map() };
    const visit = (node: ts.Node, isImport: boolean): void => {
      if (ts.isIdentifier(node) && isImport) names.imported.add(node.text);
      else if (ts.isIdentifier(node))
        names.used.set(node.text, [...(names.used.get(node.text) ?? []), node.getStart()]);
      ts.forEachChild(node, (child) => visit(child, isImport || ts.isImportDeclaration(node)));
    };
    visit(this.sourceOf(file), false);
    this.names.set(file, names);
    return names;
  }

  private sourceOf(file: string): ts.SourceFile {
    const known = this.sources.get(file);
    if (known) return known;
    const source = ts.createSourceFile(file, readProject(file), ts.ScriptTarget.Latest, true);
    this.sources.set(file, source);
    return source;
  }
}
