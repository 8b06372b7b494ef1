import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { kinds } from '../../../runtime/api/generated/kinds.ts';
import { apiVersionOf } from '../../../runtime/api/kinds/kind.ts';
import type { Schema } from '../../../runtime/api/kinds/schema.ts';
import { loadDefinitions, loadDescriptions } from '../../../server/schemas/generated.ts';
import type { Contender } from './server-process.ts';

const compiled = mkdtempSync(join(tmpdir(), 'kubeside-bench-'));
process.once('exit', () => rmSync(compiled, { recursive: true, force: true }));

/** Our server as the extension ships it; `BENCH_SERVER` has other arguments for Node: the server of another build, or options that profile it. */
export const ours: Contender = {
  name: 'Kubeside',
  hasStartedBefore: () => readdirSync(compiled).length > 0,
  command: process.env.BENCH_SERVER?.split(' ') ?? [resolve('dist/server.cjs')],
  // As the extension starts it: what was compiled once is kept for the next start.
  env: { KUBESIDE_COMPILE_CACHE: compiled },
  prepare: (client) => void client.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => null)),
  configure: async () => undefined,
};

/** Our server right after the extension was installed: nothing is compiled yet. */
export const oursInstalled: Contender = { ...ours, env: {}, hasStartedBefore: () => true };

/**
 * yaml-language-server alone, with `yaml.schemas: { kubernetes: … }`, as its readme says. It loads the schema of all kinds from the network; here the editor
 * answers that request, as VS Code does, with documents of the same shape made from our definitions: `all.json`, one of all kinds, and
 * `_definitions.json` beside it. The network and its delays are left out, in its favour.
 */
export async function yamlLanguageServer(): Promise<Contender> {
  const contents = await kubernetesSchema();
  const yaml = {
    schemas: { kubernetes: '*.yaml' },
    kubernetesVersion: '1.36.0',
    schemaStore: { enable: false },
    kubernetesCRDStore: { enable: false },
    validate: true,
    completion: true,
    hover: true,
  };
  return {
    name: 'yaml-language-server',
    command: [resolve('node_modules/yaml-language-server/bin/yaml-language-server')],
    prepare(client) {
      client.onRequest('workspace/configuration', ({ items }: { items: { section: string }[] }) =>
        items.map(({ section }) => (section === 'yaml' ? yaml : {})),
      );
      client.onRequest('vscode/content', (uri: string) => {
        const text = contents.get(uri.slice(uri.lastIndexOf('/') + 1).replace(/#.*/, ''));
        if (text === undefined) throw new Error(`there is no ${uri}`);
        return text;
      });
    },
    async configure(client) {
      await client.sendNotification('yaml/registerContentRequest');
      await client.sendNotification('workspace/didChangeConfiguration', { settings: { yaml } });
    },
  };
}

async function kubernetesSchema(): Promise<ReadonlyMap<string, string>> {
  const descriptions = await loadDescriptions();
  const strict = Object.entries(await loadDefinitions()).map(([name, definition]) => {
    const own = kinds.filter((kind) => kind.definition === name);
    const properties = Object.entries(definition.properties ?? {}).map(([field, schema]) => {
      const fixed = field === 'kind' ? own.map((kind) => kind.kind) : field === 'apiVersion' ? own.map(apiVersionOf) : [];
      return [
        field,
        { ...plain(schema), description: descriptions[name]?.[field], ...(fixed.length > 0 && { enum: [...new Set(fixed)] }) },
      ];
    });
    const fields = definition.properties ? { properties: Object.fromEntries(properties), additionalProperties: false } : {};
    return [name, { ...plain(definition), ...fields, description: descriptions[name]?.[''] }];
  });
  const named = [...new Set(kinds.map((kind) => kind.definition))];
  return new Map([
    ['all.json', JSON.stringify({ oneOf: named.map((name) => ({ $ref: `_definitions.json#/definitions/${name}` })) })],
    ['_definitions.json', JSON.stringify({ definitions: Object.fromEntries(strict) })],
  ]);
}

/** What is a number or a string has no type of its own in JSON schema. */
function plain({ 'x-kubernetes-int-or-string': either, ...schema }: Schema): object {
  return either || schema.format === 'quantity' ? { oneOf: [{ type: 'string' }, { type: 'number' }] } : schema;
}
