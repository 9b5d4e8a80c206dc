import ts from 'typescript';
import { PLACEHOLDER } from './sql-tables.js';

/** Functions that build an `update` of the table that they are given. */
const WRITES_ROWS = new Set(['updateLastUsedAt']);

/**
 * All strings of a source file, SQL or not. Constants of the same file are inserted into template literals; other
 * inserted values become placeholders. Calls that build a statement for a table, such as `sweep('sessions', …)` and
 * `updateLastUsedAt('api_keys')`, become a short form of that statement.
 */
export function textsOf(source: string): string[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest);
  const constants = constantsOf(file);

  const textOf = (node: ts.Node): string | null => {
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isTemplateExpression(node)) {
      const parts = node.templateSpans.map((span) => inserted(span.expression) + span.literal.text);
      return node.head.text + parts.join('');
    }
    if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return null;
    const table = inserted(node.arguments[0]);
    if (WRITES_ROWS.has(node.expression.text)) return `update ${table} set`;
    return node.expression.text === 'sweep' ? `delete from ${table}` : null;
  };

  const inserted = (node: ts.Node | undefined): string => {
    const constant = node && ts.isIdentifier(node) ? constants.get(node.text) : node;
    return (constant && textOf(constant)) ?? PLACEHOLDER;
  };

  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    const text = textOf(node);
    if (text !== null) texts.push(text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return texts;
}

/** Initial values of the constants at the top level of a file. */
function constantsOf(file: ts.SourceFile): Map<string, ts.Expression> {
  const declarations = file.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap((statement) => [...statement.declarationList.declarations]);
  return new Map(
    declarations.flatMap(({ name, initializer }) =>
      ts.isIdentifier(name) && initializer ? [[name.text, initializer] as const] : [],
    ),
  );
}
