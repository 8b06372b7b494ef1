import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { kinds } from '../../runtime/api/generated/kinds.ts';
import { apiVersionOf } from '../../runtime/api/kinds/kind.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import { refused } from '../corpus/refused.ts';
import { alwaysSent } from './always-sent.ts';
import { Session } from './kubectl.ts';
import { kubectls, sharedCluster } from './script.ts';

const shared = sharedCluster('kubectl apply of the corpus', '--nodes', '0');
const corpus = join(import.meta.dirname, '../corpus/manifests');
const kubectl = kubectls.at(-1);

interface Manifest {
  /** `file#position` */
  readonly at: string;
  readonly text: string;
  readonly object: KubeObject;
}

/** Everything of the corpus that is an object, as it was written. */
function manifests(): Manifest[] {
  const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name));
  return files.sort().flatMap((file) => {
    const source = readFileSync(join(corpus, file), 'utf8');
    return parseAllDocuments(source, { version: '1.1', uniqueKeys: false }).flatMap((document, position) => {
      const object = document.errors.length + document.warnings.length > 0 ? null : (document.toJS() as KubeObject | null);
      if (object === null) return [];
      const [start, , end] = document.range;
      return [{ at: `${file}#${position}`, text: source.slice(start, end).replace(/^---.*\n/, ''), object }];
    });
  });
}

/** Manifests for one `kubectl apply`: no two of them are the same object. */
interface Round {
  readonly manifests: Manifest[];
  readonly identities: Set<string>;
  /** Those that name no namespace go to one of the round's own. */
  readonly namespace: string | undefined;
}

function rounds(all: readonly Manifest[]): Round[] {
  const found: Round[] = [];
  for (const manifest of all) {
    const { kind = '', apiVersion, metadata } = manifest.object;
    const isNamespaced = kinds.find((known) => known.kind === kind && apiVersionOf(known) === apiVersion)?.namespaced === true;
    const isOwn = isNamespaced && metadata?.namespace === undefined;
    const identity = `${kind}/${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
    let round = found.find(({ namespace, identities }) => (namespace !== undefined) === isOwn && !identities.has(identity));
    if (round === undefined) {
      round = { manifests: [], identities: new Set(), namespace: isOwn ? `round-${found.length}` : undefined };
      found.push(round);
    }
    round.manifests.push(manifest);
    round.identities.add(identity);
  }
  return found;
}

const all = manifests();
const accepted = all.filter(({ at }) => refused[at] === undefined);

describe.runIf(kubectl !== undefined)('the corpus through kubectl', () => {
  let session: Session;
  const folders: { readonly path: string; readonly options: string; readonly count: number }[] = [];

  beforeAll(async () => {
    if (kubectl === undefined) return;
    session = new Session(kubectl, shared.cluster().kubeconfig, shared.folder);
    const namespaces = new Set(accepted.map(({ object }) => object.metadata?.namespace ?? 'default'));
    for (const [index, { namespace, manifests: list }] of rounds(accepted).entries()) {
      const path = join(shared.folder, `round-${index}`);
      mkdirSync(path);
      for (const [position, { text }] of list.entries()) writeFileSync(join(path, `${String(position).padStart(4, '0')}.yaml`), text);
      if (namespace !== undefined) namespaces.add(namespace);
      folders.push({ path, options: namespace === undefined ? '' : `-n ${namespace} `, count: list.length });
    }
    for (const namespace of namespaces) await session.try(['create', 'namespace', namespace]);
  });

  it('applies, and is what it was when kubectl or the server applies it again', async () => {
    const sent: string[] = [];
    let applied = 0;
    for (const { path, options, count } of folders) {
      const apply = async () => lines(await session.run(`${options}apply -f ${path}`));
      expect(await apply()).toHaveLength(count);
      const again = await apply();
      expect(again).toHaveLength(count);
      sent.push(...again.filter((line) => !line.endsWith(' unchanged')));
      applied += count;

      const applyByServer = async () => {
        const printed = JSON.parse(await session.run(`${options}apply --server-side --force-conflicts -o json -f ${path}`));
        // One object is printed as it is, several as a list.
        const items: readonly KubeObject[] = printed.items ?? [printed];
        return items.map(({ kind, metadata }) => `${kind}/${metadata?.namespace}/${metadata?.name} at ${metadata?.resourceVersion}`);
      };
      // Controllers may still be at work on what has just been applied; once they rest, nothing moves.
      let before = await applyByServer();
      let after = await applyByServer();
      for (let tries = 0; tries < 5 && before.join() !== after.join(); tries++) {
        before = after;
        after = await applyByServer();
      }
      expect(after).toEqual(before);
      // What is not of one namespace makes room for its namesakes.
      if (options === '') await session.try(['delete', '-f', path, '--wait=false']);
    }
    expect(applied).toBe(accepted.length);
    expect([...new Set(sent)].sort()).toEqual(
      Object.keys(alwaysSent)
        .map((object) => `${object} configured`)
        .sort(),
    );
  });

  it('is refused where Kubernetes refuses it', async () => {
    const path = join(shared.folder, 'refused');
    mkdirSync(path);
    // kubectl itself stumbles over what is no manifest, and applies what is there already.
    const wanted = all.filter(
      ({ at, object }) => refused[at] !== undefined && object.kind !== undefined && !/template|namespace-spark/.test(at),
    );
    for (const [position, { text }] of wanted.entries()) writeFileSync(join(path, `${position}.yaml`), text);
    const { code, stdout, stderr } = await session.try(['apply', '-f', path]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    for (const { at } of wanted) for (const part of partsOf(refused[at] ?? '')) expect(stderr).toContain(part);
  });
});

/** kubectl sends the fields of an object in another order, and prints several errors as a list. */
function partsOf(refusal: string): readonly string[] {
  const unknown = refusal.match(/unknown field "[^"]+"/g);
  return unknown ?? [refusal.replace(/^Pod "vttablet.*/s, 'metadata.name: Invalid value: "vttablet-{{uid}}"')];
}

function lines(text: string): string[] {
  return text.trimEnd().split('\n');
}
