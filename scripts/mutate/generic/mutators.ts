import ts from 'typescript';
import { changesOfSql } from './sql-mutators.ts';

/** A change of one place of a file, of a kind that is made wherever the syntax allows it. */
export type Change = {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** What has to run for a difference: in `if (a) throw b`, it is `throw b`. */
  readonly at: number;
};

/** Decorators that refuse, limit or record; the others describe or wire. */
const REFUSING =
  /^(?:Use(?:Guards|Interceptors)|Require\w*|Refuses[A-Z]\w*|OrgAdminsOnly|(?:Org|Workspace|Own)(?:Query|Command)|TokenKindsForAdmins|FiltersNeedRights|AccessEndApplied|Audited\w*|Idempotent|MaxAuthenticationAge)$/;
const SCOPES = /^(?:orgId|workspaceId|userId)$/;
const PERMISSION = /^'([a-z-]+):(?!read)[a-z-]+'$/;
const OPPOSITES: Readonly<Record<string, string>> = {
  ...{ '<': '<=', '<=': '<', '>': '>=', '>=': '>' },
  ...{ '===': '!==', '!==': '===' },
};
const SWAPPED = new Map(Object.entries({ some: 'every', every: 'some', min: 'max', max: 'min' }));
/** Calls whose absence changes nothing but the log. */
const ONLY_LOGS = /^(?:super|(?:this\.)?(?:logger|log|console))\b/;
/** Calls that yield a boolean, by their names. */
const ASKS = /(?:^|\.)(?:is|has|may|can|allows|sees|includes|some|every|test|startsWith)(?:[A-Z]\w*)?$/;

/** Every change of the file that one of the mutators makes, in the order of the text. */
export function changesOf(file: string, text: string): Change[] {
  if (file.endsWith('.sql')) return changesOfSql(text, 0);
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Change[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    found.push(...changesAt(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.sort((one, other) => one.start - other.start);
}

function change(kind: string, target: ts.Node, replacement: string, at: ts.Node = target): Change {
  return { kind, start: target.getStart(), end: target.getEnd(), replacement, at: at.getStart() };
}

function changesAt(node: ts.Node): Change[] {
  if (ts.isIfStatement(node)) return ofIf(node);
  if (ts.isForOfStatement(node)) return [change('loop', node, ';')];
  if (ts.isConditionalExpression(node)) {
    const { whenTrue, whenFalse } = node;
    return [
      change('ternary', node, `(${whenTrue.getText()})`, whenFalse),
      change('ternary', node, `(${whenFalse.getText()})`, whenTrue),
    ];
  }
  if (ts.isExpressionStatement(node)) return ofCall(node);
  if (ts.isBinaryExpression(node)) return ofOperator(node);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return [change('not', node, node.operand.getText()), ...ofAnswer(node)];
  if (ts.isCallExpression(node) && node.expression.getText() === 'adminsOnly')
    return [change('permission', node, node.arguments[1]?.getText() ?? "'organization:manage'")];
  if (ts.isCallExpression(node)) return [...ofMethod(node), ...ofAnswer(node)];
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [change('literal', node, 'false')];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [change('literal', node, 'true')];
  if (ts.isDecorator(node)) return ofDecorator(node);
  if (ts.isObjectLiteralExpression(node))
    return node.properties
      .filter(({ name }) => name && SCOPES.test(name.getText()))
      .map((property) => withComma(change('scope', property, ''), node.getSourceFile().text));
  if (ts.isArrayLiteralExpression(node))
    return node.elements
      .filter((element) => !ts.isLiteralExpression(element))
      .map((element) => withComma(change('element', element, ''), node.getSourceFile().text));
  if (ts.isStringLiteral(node) && PERMISSION.test(node.getText()))
    return [change('permission', node, node.getText().replace(PERMISSION, `'$1:read'`))];
  if (ts.isTemplateExpression(node) || ts.isStringLiteralLike(node))
    return changesOfSql(node.getText(), node.getStart());
  return ofAnswer(node);
}

/** A guard is dropped; what is allowed early by it is always allowed. */
function ofIf(node: ts.IfStatement): Change[] {
  const { expression, thenStatement, elseStatement } = node;
  const always = change('condition', expression, 'true');
  if (elseStatement) return [always, change('condition', expression, 'false', thenStatement)];
  const last = ts.isBlock(thenStatement) ? thenStatement.statements.at(-1) : thenStatement;
  const dropped = change('guard', node, ';', thenStatement);
  return last && ts.isThrowStatement(last) ? [dropped] : [dropped, always];
}

function ofCall(node: ts.ExpressionStatement): Change[] {
  const called = ts.isAwaitExpression(node.expression) ? node.expression.expression : node.expression;
  return ts.isCallExpression(called) && !ONLY_LOGS.test(called.getText()) ? [change('call', node, ';')] : [];
}

function ofOperator(node: ts.BinaryExpression): Change[] {
  const { left, right, operatorToken } = node;
  const operator = operatorToken.getText();
  if (['&&', '||', '??'].includes(operator))
    return [
      change('operand', node, `(${left.getText()})`, right),
      change('operand', node, `(${right.getText()})`),
      ...ofAnswer(node),
    ];
  const opposite = OPPOSITES[operator];
  return opposite ? [change('comparison', operatorToken, opposite), ...ofAnswer(node)] : [];
}

function ofMethod({ expression, arguments: given }: ts.CallExpression): Change[] {
  if (!ts.isPropertyAccessExpression(expression)) return [];
  const { name } = expression;
  const swapped = SWAPPED.get(name.text);
  if (swapped) return [change('quantifier', name, swapped)];
  return name.text === 'filter' && given.length === 1
    ? [change('filter', expression.parent, expression.expression.getText())]
    : [];
}

/** A handler that runs, or would run, is what a decorator protects. */
function ofDecorator(node: ts.Decorator): Change[] {
  const { expression, parent } = node;
  if (!ts.isCallExpression(expression) || !REFUSING.test(expression.expression.getText())) return [];
  const body = ts.isMethodDeclaration(parent) ? parent.body?.statements[0] : undefined;
  return [change('decorator', node, '', body ?? parent)];
}

/** What a function answers, if that is a boolean. */
function ofAnswer(node: ts.Node): Change[] {
  const { parent } = node;
  const isAnswer =
    parent && (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node));
  if (!isAnswer || !ts.isExpression(node) || !isBoolean(node)) return [];
  return ['true', 'false'].map((value) => change('answer', node, value));
}

function isBoolean(node: ts.Expression): boolean {
  const declared = ts.findAncestor(node, ts.isFunctionLike)?.type?.getText() ?? '';
  if (/^(?:Promise<boolean>|boolean|\w+ is .*)$/.test(declared)) return true;
  if (ts.isBinaryExpression(node)) return node.operatorToken.getText() in OPPOSITES;
  return (
    ts.isPrefixUnaryExpression(node) || (ts.isCallExpression(node) && ASKS.test(node.expression.getText()))
  );
}

/** With the comma behind it. */
function withComma(given: Change, text: string): Change {
  const comma = /^\s*,/.exec(text.slice(given.end));
  return comma ? { ...given, end: given.end + comma[0].length } : given;
}
