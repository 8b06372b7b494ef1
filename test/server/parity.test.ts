import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Document, isMap, isScalar, parse, parseAllDocuments } from 'yaml';
import { kinds as builtIn } from '../../runtime/api/generated/kinds.ts';
import { apiVersionOf, groupVersionPath } from '../../runtime/api/kinds/kind.ts';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import { kubernetesYaml } from '../../runtime/api/yaml/dialect.ts';
import { isTemplate } from '../../runtime/api/yaml/template.ts';
import * as resources from '../../runtime/client/resources.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { Manifest } from '../../server/documents/manifest.ts';
import type { Problem } from '../../server/documents/problem.ts';
import { splitDocuments } from '../../server/documents/split.ts';
import { Workspace } from '../../server/documents/workspace.ts';
import { problemsOf } from '../../server/features/diagnostics.ts';
import { loadDefinitions } from '../../server/schemas/generated.ts';
import { Kinds } from '../../server/schemas/kinds.ts';
import { Skeleton, usualStyle, withDefaults } from '../../server/schemas/skeleton.ts';
import { startVirtualCluster, type VirtualCluster } from '../support/virtual-cluster.ts';
import { mutations } from './mutations.ts';

const folder = join(import.meta.dirname, '../corpus/manifests');
const fixtures = join(import.meta.dirname, 'fixtures');
const files = [
  ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ...['backups.crd.yaml', 'widgets.crd.yaml'].map((name) => join(fixtures, name)),
]
  .filter((name) => /\.ya?ml$/.test(name))
  .sort();

/** What no look at the manifest can tell, because it depends on what the cluster holds. */
const ofTheCluster = /^namespaces "[^"]*" already exists$|^no matches for kind/;

let virtual: VirtualCluster;
let definitions: Definitions;
const kinds = new Kinds(new Workspace());

beforeAll(async () => {
  definitions = await loadDefinitions();
  virtual = await startVirtualCluster({ nodes: 0 });
  for (const name of ['monitoring', 'spark-cluster']) {
    await virtual.cluster.client.resource(resources.namespaces).create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
});

afterAll(() => virtual.stop());

/** What the API server answers when it refuses a dry run. */
interface Refusal {
  readonly message: string;
  readonly details?: { readonly causes?: readonly { readonly field: string; readonly message: string }[] };
}

/** Undefined when the API server would take the object. */
async function refusal(object: KubeObject, text: string): Promise<Refusal | undefined> {
  const kind = builtIn.find((row) => row.kind === object.kind && apiVersionOf(row) === object.apiVersion && row.verbs.includes('create'));
  if (!kind) return { message: `no matches for kind "${object.kind}"` };
  const namespace: unknown = object.metadata?.namespace ?? 'default';
  const place = kind.namespaced && typeof namespace === 'string' ? `/namespaces/${namespace}` : '';
  const response = await virtual.cluster.client.transport(
    new Request(`https://kubernetes.default.svc${groupVersionPath(kind)}${place}/${kind.plural}?dryRun=All&fieldValidation=Strict`, {
      method: 'POST',
      headers: { 'content-type': 'application/yaml' },
      body: text,
    }),
  );
  const answer = (await response.json()) as Refusal;
  return response.ok ? undefined : answer;
}

function errorsOf(text: string): Problem[] {
  return splitDocuments(text)
    .flatMap(({ start, end }) => problemsOf(new Manifest(text.slice(start, end)), kinds, definitions))
    .filter(({ severity }) => severity === 'error');
}

/** What the decoder says without a field, and what the editor calls that; the YAML reader names the last step alone, as its first group. */
const withoutField: readonly (readonly [said: RegExp, codes: readonly string[]])[] = [
  [/quantities must match/, ['quantity', 'type']],
  [/illegal base64 data/, ['base64']],
  [/parsing time/, ['date-time']],
  [/key "([^"]*)" already set in map/, ['duplicate-field']],
];

/** A path as Go's decoder names it, which tells neither of items nor of keys. */
const withoutKeys = (path: string) => path.replace(/\[[^\]]*\]/g, '');

/** Such a path without the structs that others inline, which the decoder tells of too. */
const withoutInlined = (path: string) => path.replace(/(?<=^|\.)[A-Z]\w*\./g, '');

/** Whether a field is one that is missing, or lies in it. */
const isWithin = (field: string, missing: string) =>
  field === missing || /^[.[]/.test(field.startsWith(missing) ? field.slice(missing.length) : '');

/**
 * Whether one of the fields the server marks is named by the refusal. Two differences are meant: of something that is missing the editor tells
 * once, where validation tells of each required field below it; and the editor marks the item of a list that is no member of an
 * enumeration, where validation names the list.
 */
function samePlace(problems: readonly Problem[], message: string): boolean {
  const [, decoded] = /cannot unmarshal .* into Go struct field \w+\.(\S+) of type/.exec(message) ?? [];
  if (decoded !== undefined)
    return problems.some(({ code, path = '' }) => code === 'type' && withoutKeys(path) === withoutInlined(decoded));
  for (const [said, codes] of withoutField) {
    const found = said.exec(message);
    if (found) return problems.some(({ code, path = '' }) => codes.includes(code) && path.endsWith(found[1] ?? ''));
  }
  return problems.some(({ path, code }) => {
    if (path === undefined) return false;
    if (message.includes(`${path}:`) || message.includes(`"${path}"`)) return true;
    if (code === 'required') return message.includes(`${path}.`);
    return code === 'enum' && message.includes(`${path.replace(/\[\d+\]$/, '')}:`);
  });
}

/** What one of the two says of a field and the other does not, or in other words; but for the differences that {@link samePlace} tells of. */
function otherWords(problems: readonly Problem[], causes: readonly { readonly field: string; readonly message: string }[]): string[] {
  const said = new Set(causes.map(({ field, message }) => `${field}: ${message}`));
  const missing = problems.flatMap(({ code, path }) => (code === 'required' && path !== undefined ? [path] : []));
  const lists = problems.flatMap(({ code, path }) => (code === 'enum' && path !== undefined ? [path.replace(/\[\d+\]$/, ''), path] : []));
  const isMeant = (field: string, message: string) =>
    missing.some((path) => isWithin(field, path) || (path.endsWith('spec.selector') && message.includes('`selector`'))) ||
    (lists.includes(field) && message.startsWith('Unsupported value'));
  const told = new Set(problems.map(({ message }) => message));
  return [
    ...causes
      .filter(({ field, message }) => !told.has(`${field}: ${message}`) && !isMeant(field, message))
      .map(({ field, message }) => `not told: ${field}: ${message}`),
    ...problems
      .filter(({ code, path = '', message }) => {
        if (said.has(message)) return false;
        if (code === 'required') return !causes.some(({ field, message: text }) => isWithin(field, path) || isMeant(field, text));
        return code !== 'enum' || !causes.some(({ field }) => lists.includes(field));
      })
      .map(({ message }) => `not said: ${message}`),
  ];
}

interface Count {
  accepted: number;
  refused: number;
  skipped: number;
  readonly differences: string[];
  readonly places: string[];
  readonly words: string[];
}

async function compare(name: string, text: string, object: KubeObject, count: Count): Promise<void> {
  const refused = await refusal(object, text);
  const message = refused?.message;
  if (message !== undefined && ofTheCluster.test(message)) {
    count.skipped++;
    return;
  }
  const problems = errorsOf(text);
  if (message === undefined) count.accepted++;
  else count.refused++;
  if ((message !== undefined) !== problems.length > 0) {
    count.differences.push(
      `${name}: the API server says ${message ?? 'yes'}; the editor ${problems.map((p) => p.message).join('; ') || 'yes'}`,
    );
  } else if (message !== undefined && !samePlace(problems, message)) {
    count.places.push(`${name}: the API server says ${message}; the editor ${problems.map((p) => `${p.path} ${p.message}`).join('; ')}`);
  } else if (refused?.details?.causes) {
    const other = otherWords(problems, refused.details.causes);
    if (other.length > 0) count.words.push(`${name}: ${other.join('; ')}`);
  }
}

function print(title: string, { accepted, refused, skipped, differences, places, words }: Count): void {
  const total = accepted + refused;
  const share = (count: number) => `${((100 * (total - count)) / Math.max(total, 1)).toFixed(2)} %`;
  console.info(
    [
      `${title}: ${total} documents, ${accepted} accepted, ${refused} refused, ${skipped} that depend on the cluster`,
      `  the same answer: ${share(differences.length)}; the same field too: ${share(differences.length + places.length)}; in the same words: ${share(differences.length + places.length + words.length)}`,
      ...differences.map((line) => `  answer  ${line}`),
      ...places.map((line) => `  field   ${line}`),
      ...words.map((line) => `  words   ${line}`),
    ].join('\n'),
  );
}

const emptyCount = (): Count => ({ accepted: 0, refused: 0, skipped: 0, differences: [], places: [], words: [] });

/** What the API server is asked about. */
interface Sent {
  readonly name: string;
  readonly text: string;
  readonly object: KubeObject;
}

/** The objects of the corpus that an API server can be asked about. */
function* corpus(): Generator<Sent> {
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const [index, { start, end }] of splitDocuments(text).entries()) {
      const part = text.slice(start, end);
      // A template is sent to no server before it is rendered.
      if (isTemplate(part)) continue;
      const [document] = parseAllDocuments(part, { ...kubernetesYaml, uniqueKeys: false });
      if (!document || !('contents' in document) || document.errors.length > 0 || !isMap(document.contents)) continue;
      const object = document.toJS() as KubeObject;
      if (isScalar(document.get('kind', true)) && object.apiVersion)
        yield { name: `${relative(folder, file)}#${index}`, text: part, object };
    }
  }
}

test('every document of the corpus is marked exactly when the API server refuses it', { timeout: 120_000 }, async () => {
  const count = emptyCount();
  for (const { name, text, object } of corpus()) await compare(name, text, object, count);
  print('corpus', count);
  expect(count.accepted + count.refused).toBeGreaterThan(120);
  expect(count.differences).toEqual([]);
  expect(count.places).toEqual([]);
  expect(count.words).toEqual([]);
});

test('a namespace of an object that is cluster-wide is no error to either: the API server drops it', async () => {
  const count = emptyCount();
  for (const namespace of ['shop', 'Not_A_Name']) {
    const object = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'reader', namespace }, rules: [] };
    await compare(namespace, new Document(object).toString(), object, count);
  }
  expect(count).toEqual({ ...emptyCount(), accepted: 2 });
});

/** What completion writes of each stable kind, but for the reviews, which are questions and no manifests. */
function* snippets(): Generator<Sent> {
  for (const known of kinds.all()) {
    if (/alpha|beta|^(authentication|authorization)\./.test(known.apiVersion)) continue;
    const text = withDefaults(new Skeleton(definitions, usualStyle).manifest(known));
    yield { name: `${known.apiVersion} ${known.kind}`, text, object: parse(text, kubernetesYaml) as KubeObject };
  }
}

test.each([
  ['the corpus', corpus, 2_200],
  ['every stable kind', snippets, 600],
])(
  'mutations of %s are marked when the API server refuses them, but for one in a hundred',
  {
    timeout: 300_000,
  },
  async (_what, sources, usual) => {
    const count = emptyCount();
    const random = createSeededRandom(2026);
    const originals = [...sources()];
    const wanted = Number(process.env.PARITY ?? usual);
    for (let made = 0; made < wanted; made++) {
      const original = originals[Math.floor(random.next() * originals.length)];
      if (!original) continue;
      const object = structuredClone(original.object);
      const what = mutations(object, random);
      if (what === undefined) continue;
      const text = new Document(object, { version: '1.1' }).toString();
      // Braces that a block of text hid can make a template of it in another style.
      if (isTemplate(text)) continue;
      await compare(`${original.name} ${what}`, text, object, count);
    }
    print('mutations', count);
    const total = count.accepted + count.refused;
    expect(total).toBeGreaterThan(wanted / 2);
    expect(count.differences.length / total).toBeLessThanOrEqual(0.01);
    expect(count.places.length / total).toBeLessThanOrEqual(0.01);
    expect(count.words.length / total).toBeLessThanOrEqual(0.01);
  },
);
