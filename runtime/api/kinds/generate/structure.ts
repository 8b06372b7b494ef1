import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { type Draft, type Drafts, handMade, openApiName, reference, referencedItems } from './definition.ts';

/** All definitions of the `kubernetes-models` packages, read from their type declarations: structure, descriptions, enums, required fields. */
export function readStructure(packages: readonly string[]): Drafts {
  const drafts: Drafts = new Map();
  for (const folder of packages) {
    for (const file of declarationFiles(folder)) readDeclaration(file, drafts);
  }
  for (const [name, draft] of Object.entries(handMade)) {
    const description = drafts.get(name)?.description;
    drafts.set(name, description === undefined ? { ...draft } : { ...draft, description });
  }
  for (const [name, fields] of Object.entries(referencedItems)) {
    for (const [field, definition] of Object.entries(fields)) {
      const property = drafts.get(name)?.properties?.[field];
      if (property) property.items = reference(definition);
    }
  }
  return drafts;
}

function declarationFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory())
      return entry.name.startsWith('_') || entry.name === 'node_modules' ? [] : declarationFiles(join(folder, entry.name));
    return entry.name.endsWith('.d.ts') && entry.name !== 'index.d.ts' ? [join(folder, entry.name)] : [];
  });
}

function readDeclaration(file: string, drafts: Drafts): void {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const alias = exportedAlias(source);
  const self = source.statements.find(
    (s): s is ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
      (ts.isInterfaceDeclaration(s) || ts.isTypeAliasDeclaration(s)) && s.name.text.startsWith('I'),
  );
  if (alias === undefined || self === undefined) return;
  const name = openApiName(alias);
  const reader = new TypeReader(self.name.text, name);
  const draft = ts.isInterfaceDeclaration(self) ? reader.object(self.members) : reader.read(self.type);
  const description = commentOf(self);
  if (description !== undefined) draft.description = description;
  drafts.set(name, draft);
}

/** `IoK8sApiAppsV1Deployment`, the long name under which every file exports its type. */
function exportedAlias(source: ts.SourceFile): string | undefined {
  for (const statement of source.statements) {
    if (!ts.isExportDeclaration(statement) || !statement.exportClause || !ts.isNamedExports(statement.exportClause)) continue;
    for (const element of statement.exportClause.elements) {
      if (element.name.text.startsWith('IIo')) return element.name.text.slice(1);
    }
  }
  return undefined;
}

class TypeReader {
  readonly #selfType: string;
  readonly #selfName: string;
  constructor(selfType: string, selfName: string) {
    this.#selfType = selfType;
    this.#selfName = selfName;
  }

  read(node: ts.TypeNode): Draft {
    if (ts.isParenthesizedTypeNode(node)) return this.read(node.type);
    if (ts.isArrayTypeNode(node)) return { type: 'array', items: this.read(node.elementType) };
    if (ts.isUnionTypeNode(node)) return this.#union(node);
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) return { type: 'string', enum: [node.literal.text] };
    if (ts.isTypeLiteralNode(node)) {
      const index = node.members.find(ts.isIndexSignatureDeclaration);
      return index ? { type: 'object', additionalProperties: this.read(index.type) } : this.object(node.members);
    }
    if (ts.isTypeReferenceNode(node)) return this.#named(node);
    switch (node.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { type: 'string' };
      case ts.SyntaxKind.NumberKeyword:
        return { type: 'number' };
      case ts.SyntaxKind.BooleanKeyword:
        return { type: 'boolean' };
      case ts.SyntaxKind.ObjectKeyword:
        return { type: 'object' };
      default:
        return {};
    }
  }

  object(members: ts.NodeArray<ts.TypeElement>): Draft {
    const properties: Record<string, Draft> = {};
    const required: string[] = [];
    for (const member of members) {
      if (!ts.isPropertySignature(member) || !member.type) continue;
      const name = ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) ? member.name.text : member.name.getText();
      const draft = this.read(member.type);
      const description = commentOf(member);
      if (description !== undefined) draft.description = description;
      properties[name] = draft;
      if (!member.questionToken) required.push(name);
    }
    return { type: 'object', ...(required.length > 0 && { required }), ...(Object.keys(properties).length > 0 && { properties }) };
  }

  #union(node: ts.UnionTypeNode): Draft {
    const literals = node.types.flatMap((t) => (ts.isLiteralTypeNode(t) && ts.isStringLiteral(t.literal) ? [t.literal.text] : []));
    if (literals.length === node.types.length) return { type: 'string', enum: literals };
    const others = node.types.filter((t) => !(ts.isLiteralTypeNode(t) && t.literal.kind === ts.SyntaxKind.NullKeyword));
    const only = others.length === 1 ? others[0] : undefined;
    return only ? this.read(only) : {};
  }

  #named(node: ts.TypeReferenceNode): Draft {
    const name = node.typeName.getText();
    const argument = node.typeArguments?.[0];
    if (name === 'Array' && argument) return { type: 'array', items: this.read(argument) };
    if (name === this.#selfType) return reference(this.#selfName);
    return name.startsWith('IIo') ? reference(openApiName(name.slice(1))) : {};
  }
}

/** What the API says of something: the packages take away what could end a comment. */
function commentOf(node: ts.Node): string | undefined {
  const comment = ts.getJSDocCommentsAndTags(node).findLast(ts.isJSDoc)?.comment;
  const text = typeof comment === 'string' ? comment : comment?.map((part) => part.text).join('');
  return text?.replaceAll('\\*', '*').replaceAll('*\\/', '*/');
}
