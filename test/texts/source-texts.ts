import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../..');

/** A text in the code. */
export interface SourceText {
  /** `client/explorer/pod-rows.ts` */
  readonly file: string;
  /** As it is written; of a template, `…` stands for what is put in. */
  readonly text: string;
}

/** What the code of a room says. */
export interface SourceTexts {
  /** Texts that are translated where they stand: first arguments of `t`. */
  readonly translated: readonly SourceText[];
  /** First arguments of `t` that are no texts but come from elsewhere. */
  readonly passedOn: readonly SourceText[];
  /** Whole texts that read like words to a person and are not in a call of `t`. */
  readonly bare: readonly SourceText[];
  /** Such texts with something put into them: no translation can be found for what comes of them. */
  readonly composed: readonly SourceText[];
}

/** Reads the texts of all files below a folder. */
export function readTexts(folder: string): SourceTexts {
  const names = readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' }).sort();
  const files = names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
  const all = files.map((file) => textsIn(file, readFileSync(resolve(root, file), 'utf8')));
  const joined = (kind: keyof SourceTexts) => all.flatMap((texts) => texts[kind]);
  return { translated: joined('translated'), passedOn: joined('passedOn'), bare: joined('bare'), composed: joined('composed') };
}

/** Reads the texts of one file. */
export function textsIn(file: string, code: string): SourceTexts {
  const found = { translated: [], passedOn: [], bare: [], composed: [] } as Record<keyof SourceTexts, SourceText[]>;
  visit(ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true), (kind, text) => found[kind].push({ file, text }));
  return found;
}

function visit(node: ts.Node, tell: (kind: keyof SourceTexts, text: string) => void): void {
  if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || isClass(node)) return;
  if (isForDevelopers(node)) {
    ts.forEachChild(node, (child) => visit(child, (kind, text) => kind === 'translated' && tell(kind, text)));
    return;
  }
  if (isTranslation(node)) {
    const [first, ...rest] = node.arguments;
    if (first && ts.isStringLiteralLike(first)) tell('translated', first.text);
    else if (first) tell('passedOn', first.getText());
    for (const argument of rest) visit(argument, tell);
    return;
  }
  if (ts.isStringLiteralLike(node)) {
    if (isProse(node.text) || (isShown(node) && /[A-Za-z]{2}/.test(node.text))) tell('bare', node.text);
    return;
  }
  if (ts.isTemplateExpression(node)) {
    const text = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…');
    if (isProse(text)) tell('composed', text);
  }
  ts.forEachChild(node, (child) => visit(child, tell));
}

/** `t(…)` and `vscode.l10n.t(…)`. */
function isTranslation(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node)) return false;
  const { expression } = node;
  return (
    (ts.isIdentifier(expression) && expression.text === 't') || (ts.isPropertyAccessExpression(expression) && expression.name.text === 't')
  );
}

/** What is thrown or written to the log is for those who look into it. */
function isForDevelopers(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return /Error$/.test(node.expression.getText());
  return ts.isCallExpression(node) && /(?:^|\.)(?:log|info|warn|error|channel\.\w+)$/.test(node.expression.getText());
}

/** `class: 'dim num'` */
function isClass(node: ts.Node): boolean {
  return ts.isPropertyAssignment(node) && node.name.getText() === 'class';
}

/** The label of an element or one of its children: `h('b', {}, 'Stopped')`, `title: 'Delete'`. */
function isShown(node: ts.Node): boolean {
  const { parent } = node;
  // One of two texts is shown where either would be.
  const isChoice = (ts.isConditionalExpression(parent) && parent.condition !== node) || ts.isParenthesizedExpression(parent);
  if (isChoice || (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken))
    return isShown(parent);
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node && shown.has(parent.name.getText());
  return ts.isCallExpression(parent) && parent.expression.getText() === 'h' && parent.arguments.indexOf(node as ts.Expression) > 1;
}

/** Properties whose texts people read. */
const shown = new Set([
  "'aria-label'",
  'description',
  'detail',
  'label',
  'message',
  'placeHolder',
  'placeholder',
  'prompt',
  'title',
  'tooltip',
]);

/** Two words of which the second is an ordinary one, or the other way round. */
function isProse(text: string): boolean {
  return /[A-Za-z]{2,}[,:]? (?:\d+ )?(?:[a-z]{2,}|a |…)|(?:^|[^=])… [a-z]{2,}/.test(text) && !/^\n/.test(text);
}
