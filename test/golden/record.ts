/**
 * `node .config/run.mjs test/golden/record.ts KUBECONFIG FILE...`: plays the cases of files, as they lie in `cases`, against a cluster of Kubernetes and
 * writes down what it answers. It needs a cluster without controllers that nobody else uses, and an administrator with a token. What chance tells stays
 * as it was: errors in the order of Go's maps, revisions of lists, bookmarks, which checks of health there are.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import { parse } from 'yaml';
import type { Body } from '../apiserver/api.ts';
import { type Case, type Player, type Run, replay } from './replay.ts';

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }[];
  readonly users: readonly { readonly user: { readonly token: string } }[];
}

const [kubeconfig = '', ...files] = process.argv.slice(2);
const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
const [cluster, user] = [clusters[0]?.cluster, users[0]?.user];
if (!cluster || !user) throw new Error(`${kubeconfig} has no cluster`);
const dispatcher = new Agent({ connect: { ca: Buffer.from(cluster['certificate-authority-data'], 'base64') } });

function request(method: string, path: string, body: unknown, headers: Readonly<Record<string, string>>) {
  // Without a name before the slash managers are `unknown`, as of requests without an agent.
  const usual = {
    authorization: `Bearer ${user?.token}`,
    'user-agent': '/',
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  return fetch(`${cluster?.server}${path}`, { method, headers: { ...usual, ...headers }, dispatcher, ...sent });
}

/** Any time from this year on was told by the server: what the cases say themselves is long past. */
const run: Run = { prefix: `golden-${Date.now() % 1e6}`, times: /20(?:2[6-9]|[3-9]\d)-\d\d-\d\dT\d\d:\d\d:\d\dZ/g };

const player: Player = {
  async send(method, path, body, headers = {}) {
    const response = await request(method, path, body, headers);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { code: response.status, body: isJson ? JSON.parse(text) : text, headers: new Headers([...response.headers]) };
  },
  async watch(path, headers = {}) {
    const response = await request('GET', path, undefined, headers);
    const lines = async () => (await response.text()).split('\n').filter((line) => line !== '');
    return { rest: async () => (await lines()).map((line) => JSON.parse(line) as Body) };
  },
  clock: { advance: (ms) => setTimeout(ms) },
};

for (const file of files) {
  const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[];
  const recorded: Case[] = [];
  for (const each of cases) {
    const answers = await replay(player, each, run);
    const steps = each.steps.map((step, index) => ({ ...step, ...(!step.setup && { response: answers[index] }) }));
    recorded.push({ ...each, steps } as Case);
  }
  writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
}
await dispatcher.close();
