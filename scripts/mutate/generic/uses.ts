import ts from 'typescript';
import { readProject } from '../working-copy.ts';

export type Position = { readonly file: string; readonly at: number };

/** Where a text of the sources runs: where it stands or, in a constant, where that is used. */
export class Uses {
  private readonly sources = new Map<string, ts.SourceFile>();
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
    const word = new RegExp(`\\b${name}\\b`, 'g');
    const imported = new RegExp(`import[^;]*\\b${name}\\b[^;]*from '\\.`);
    return this.files
      .filter((file) => file === declaredIn || imported.test(this.sourceOf(file).text))
      .flatMap((file) => {
        const { text, statements } = this.sourceOf(file);
        const isUse = (at: number) => {
          const statement = statements.find((each) => each.pos <= at && at < each.end);
          return statement && !ts.isImportDeclaration(statement);
        };
        return [...text.matchAll(word)].map(({ index: at }) => ({ file, at })).filter(({ at }) => isUse(at));
      });
  }

  private sourceOf(file: string): ts.SourceFile {
    const known = this.sources.get(file);
    if (known) return known;
    const source = ts.createSourceFile(file, readProject(file), ts.ScriptTarget.Latest, true);
    this.sources.set(file, source);
    return source;
  }
}
