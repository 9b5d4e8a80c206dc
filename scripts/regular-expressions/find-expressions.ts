import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

/** A regular expression of the code, with the places (`path:line`) where it stands. */
export type Expression = {
  readonly source: string;
  readonly flags: string;
  readonly places: readonly string[];
};

/** Expressions whose text is known only at run time, with their place. */
export type Unreadable = { readonly text: string; readonly place: string };

type Module = { constants: Map<string, ts.Expression>; imports: Map<string, { path: string; name: string }> };

/** The regular expressions of these files: literals, and `RegExp` of texts that consist of constants. */
export function findExpressions(files: ReadonlyMap<string, string>): {
  expressions: Expression[];
  unreadable: Unreadable[];
} {
  const sources = [...files].map(([path, text]) =>
    ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true),
  );
  const modules = new Map(sources.map((source) => [source.fileName, moduleOf(source)]));
  const found = new Map<string, { source: string; flags: string; places: string[] }>();
  const unreadable: Unreadable[] = [];
  for (const file of sources)
    for (const node of expressionsIn(file)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      const place = `${file.fileName}:${line + 1}`;
      const [text, given] = ts.isRegularExpressionLiteral(node) ? [node] : (node.arguments ?? []);
      const source = text && textOf(text, file.fileName, modules);
      const flags = ts.isRegularExpressionLiteral(node) ? flagsOf(node) : ((given && stringIn(given)) ?? '');
      if (source === undefined) unreadable.push({ text: node.getText(file), place });
      else {
        const key = `/${source}/${flags}`;
        found.set(key, { source, flags, places: [...(found.get(key)?.places ?? []), place] });
      }
    }
  return { expressions: [...found.values()], unreadable };
}

type Built = ts.NewExpression | ts.CallExpression;

function expressionsIn(file: ts.SourceFile): (ts.RegularExpressionLiteral | Built)[] {
  const found: (ts.RegularExpressionLiteral | Built)[] = [];
  const visit = (node: ts.Node): void => {
    const isBuilt =
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === 'RegExp';
    if (isBuilt || ts.isRegularExpressionLiteral(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The constants and the named imports at the top of a file. */
function moduleOf(file: ts.SourceFile): Module {
  const module: Module = { constants: new Map(), imports: new Map() };
  for (const statement of file.statements) {
    for (const { name, initializer } of constantsIn(statement))
      if (ts.isIdentifier(name) && initializer) module.constants.set(name.text, initializer);
    for (const { name, propertyName, from } of importsIn(statement)) {
      const path = join(dirname(file.fileName), from.replace(/\.js$/, '.ts'));
      module.imports.set(name.text, { path, name: (propertyName ?? name).text });
    }
  }
  return module;
}

function constantsIn(statement: ts.Statement): readonly ts.VariableDeclaration[] {
  if (!ts.isVariableStatement(statement)) return [];
  const { flags, declarations } = statement.declarationList;
  return flags & ts.NodeFlags.Const ? declarations : [];
}

function importsIn(statement: ts.Statement) {
  if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
  const from = statement.moduleSpecifier.text;
  const bindings = statement.importClause?.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
  return named.map(({ name, propertyName }) => ({ name, propertyName, from }));
}

/** The text of an expression; of a regular expression, its source. Undefined if it is not constant. */
function textOf(node: ts.Expression, path: string, modules: ReadonlyMap<string, Module>): string | undefined {
  const text = stringIn(node);
  if (text !== undefined) return text;
  if (ts.isRegularExpressionLiteral(node)) return node.text.slice(1, node.text.lastIndexOf('/'));
  if (ts.isIdentifier(node)) return constantOf(node.text, path, modules);
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'source')
    return textOf(node.expression, path, modules);
  if (!ts.isTemplateExpression(node)) return undefined;
  const parts = node.templateSpans.map((span) => [textOf(span.expression, path, modules), span.literal.text]);
  if (parts.some(([value]) => value === undefined)) return undefined;
  return node.head.text + parts.flat().join('');
}

function constantOf(name: string, path: string, modules: ReadonlyMap<string, Module>): string | undefined {
  const module = modules.get(path);
  const value = module?.constants.get(name);
  if (value) return textOf(value, path, modules);
  const imported = module?.imports.get(name);
  return imported && constantOf(imported.name, imported.path, modules);
}

function stringIn(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  const isRaw = ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'String.raw';
  return isRaw && ts.isNoSubstitutionTemplateLiteral(node.template) ? node.template.rawText : undefined;
}

const flagsOf = ({ text }: ts.RegularExpressionLiteral): string => text.slice(text.lastIndexOf('/') + 1);
