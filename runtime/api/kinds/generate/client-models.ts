import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { type Draft, type Drafts, reference } from './definition.ts';

interface Attribute {
  readonly name: string;
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

/**
 * The models of `@kubernetes/client-node`. They know the formats (`int32`, `byte`, `date-time`) that `kubernetes-models` does not,
 * and the alpha and beta kinds that it leaves out. Only what `models/all.d.ts` names is current.
 */
export class ClientModels {
  readonly #folder: string;
  readonly #current: ReadonlySet<string>;
  readonly #drafts: Drafts;
  /** Definition name of a model that has been matched or added. */
  readonly #names = new Map<string, string>();

  constructor(folder: string, drafts: Drafts) {
    this.#folder = folder;
    this.#drafts = drafts;
    this.#current = new Set(
      [...readFileSync(join(folder, 'models/all.d.ts'), 'utf8').matchAll(/models\/(\w+)\.js/g)].map((m) => m[1] ?? ''),
    );
  }

  /** Adds formats and turns `number` into `integer` where the API says so. */
  addFormats(): void {
    for (const [name, draft] of this.#drafts) {
      const model = this.#modelOf(name);
      if (model === undefined || draft.properties === undefined) continue;
      this.#names.set(model, name);
      for (const attribute of this.#attributes(model)) {
        const property = draft.properties[attribute.baseName];
        const target =
          property?.type === 'array' || property?.type === 'object'
            ? (property.items ?? property.additionalProperties ?? property)
            : property;
        if (!target || target.$ref !== undefined) continue;
        const integer = attribute.format.startsWith('int') || (/^Array<.*number/.test(attribute.type) && attribute.format === '');
        if (target.type === 'number' && integer) target.type = 'integer';
        if (attribute.format !== '' && target.type !== 'object') target.format = attribute.format;
      }
    }
  }

  /** The definition of a model, made from its class when no package had it. `group` and `version` name where it belongs. */
  define(model: string, group: string, version: string): string | undefined {
    const known = this.#names.get(model);
    if (known !== undefined) return known;
    const file = join(this.#folder, `models/${model}.d.ts`);
    if (!existsSync(file)) return undefined;
    const short = model.replace(/^[A-Z][a-z]+(?=V\d)/, '').replace(/^V\d+(?:(?:alpha|beta)\d+)?/, '');
    const name = `io.k8s.api.${group.split('.')[0]}.${version}.${short}`;
    this.#names.set(model, name);
    const draft: Draft = { type: 'object' };
    this.#drafts.set(name, draft);
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    const declaration = source.statements.find(ts.isClassDeclaration);
    if (!declaration) return name;
    const description = commentOf(declaration);
    if (description !== undefined) draft.description = description;
    const attributes = new Map(this.#attributes(model).map((a) => [a.name, a]));
    draft.properties = {};
    const required: string[] = [];
    for (const member of declaration.members) {
      const attribute =
        ts.isPropertyDeclaration(member) && !member.modifiers?.length ? attributes.get(member.name.getText().replace(/'/g, '')) : undefined;
      if (!attribute || !ts.isPropertyDeclaration(member)) continue;
      const property = this.#draft(attribute.type, attribute.format, group, version);
      const comment = commentOf(member);
      if (comment !== undefined) property.description = comment;
      draft.properties[attribute.baseName] = property;
      if (!member.questionToken) required.push(attribute.baseName);
    }
    if (required.length > 0) draft.required = required;
    return name;
  }

  #modelOf(definition: string): string | undefined {
    const match = /\.([\w-]+)\.(v\d\w*)\.(\w+)$/.exec(definition);
    if (!match) return undefined;
    const [, group = '', version = '', name = ''] = match;
    return [`${capital(group)}${capital(version)}${name}`, `${capital(version)}${name}`].find((m) => this.#current.has(m));
  }

  #attributes(model: string): Attribute[] {
    const text = readFileSync(join(this.#folder, `models/${model}.js`), 'utf8');
    return [...text.matchAll(/"name": "([^"]+)",\s+"baseName": "([^"]+)",\s+"type": "([^"]+)",\s+"format": "([^"]*)"/g)].map(
      ([, name = '', baseName = '', type = '', format = '']) => ({ name, baseName, type, format }),
    );
  }

  #draft(type: string, format: string, group: string, version: string): Draft {
    const array = /^Array<(.*)>$/.exec(type);
    if (array?.[1]) return { type: 'array', items: this.#draft(array[1], format, group, version) };
    const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
    if (map?.[1]) return { type: 'object', additionalProperties: this.#draft(map[1], format, group, version) };
    switch (type) {
      case 'string':
      case 'boolean':
        return format === '' ? { type } : { type, format };
      case 'number':
        return format.startsWith('int') ? { type: 'integer', format } : { type: 'number' };
      case 'Date':
        return reference('io.k8s.apimachinery.pkg.apis.meta.v1.Time');
      case 'V1MicroTime':
        return reference('io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime');
      case 'IntOrString':
        return reference('io.k8s.apimachinery.pkg.util.intstr.IntOrString');
      case 'any':
      case 'object':
        return {};
      default: {
        const name = this.define(type, group, version);
        return name === undefined ? {} : reference(name);
      }
    }
  }
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function commentOf(node: ts.Node): string | undefined {
  const comment = ts.getJSDocCommentsAndTags(node).findLast(ts.isJSDoc)?.comment;
  const text = typeof comment === 'string' ? comment : comment?.map((part) => part.text).join('');
  return text?.replace(/\\(["'])/g, '$1');
}
