import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { kinds } from '../../../api/generated/kinds.ts';
import { apiVersionOf } from '../../../api/kinds/kind.ts';

/** What stands wrong on the command line, or keeps a command from doing its work: shown in one line, exit 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export interface ClusterArguments {
  readonly data: string;
  /** Undefined: the one it had last, else any free one. */
  readonly port: number | undefined;
  readonly nodes: number | undefined;
  /** Written beside the one in the data directory. Undefined: that one alone. */
  readonly kubeconfig: string | undefined;
  readonly runtimeConfig: readonly string[];
  /** In seconds. Undefined: the usual one. */
  readonly compactionInterval: number | undefined;
  /** What is written down of requests, and where; `-` is standard output. */
  readonly audit: { readonly policy: string; readonly log: string } | undefined;
}

export type Command =
  | ({ readonly name: 'up'; readonly json: boolean } & ClusterArguments)
  | ({ readonly name: 'start'; readonly json: boolean; readonly manifests: readonly string[] } & ClusterArguments)
  | { readonly name: 'reset'; readonly data: string; readonly yes: boolean }
  | { readonly name: 'help' }
  | { readonly name: 'version' };

export const usage = `Kubeside: a Kubernetes cluster in one process.

Usage:
  kubeside up [--data DIR] [--port N] [--nodes N] [--kubeconfig FILE] [--runtime-config LIST] [--json]
      Run the cluster until SIGINT or SIGTERM. With --json, print one line when it is ready.
  kubeside start [the same options] [MANIFEST...]
      Run it, apply manifests (files or folders) and show their pods until all are ready (with --json on stderr).
  kubeside reset [--data DIR] [--yes]
      Remove the cluster and everything in it.

Options:
  --data DIR             where the cluster keeps itself (default ${join('~', '.kubeside')})
  --port N               port on 127.0.0.1 (default: the one it had last, else a free one)
  --nodes N              virtual nodes of 4 CPU and 8Gi, at most 250 (default 3)
  --kubeconfig FILE      where to write the kubeconfig beside DIR/kubeconfig; merged when FILE is one already
  --runtime-config LIST  API versions to serve beside the stable ones, as kube-apiserver takes them: api/beta=true,…
  --compaction-interval SECONDS
                         how often old revisions are forgotten (default 300): watches and lists from before the last but one time begin anew
  --audit-policy-file FILE, --audit-log-path FILE
                         write down who did what as an audit.k8s.io/v1 Policy says, one JSON event a line (- for stdout)
  --version, --help
`;

/** Reads the command line. @throws {@link CommandError} */
export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  if (values.help) return { name: 'help' };
  if (values.version) return { name: 'version' };
  const [name, ...rest] = positionals;
  const data = path('--data', values.data) ?? join(homedir(), '.kubeside');
  const json = values.json ?? false;
  const common = {
    data,
    port: integer('--port', values.port, 0, 65535),
    nodes: integer('--nodes', values.nodes, 0, 250),
    kubeconfig: path('--kubeconfig', values.kubeconfig),
    runtimeConfig: runtimeConfig(values['runtime-config'] ?? ''),
    compactionInterval: integer('--compaction-interval', values['compaction-interval'], 1, 86_400),
    audit: audit(path('--audit-policy-file', values['audit-policy-file']), values['audit-log-path']),
  };
  if (name !== 'start' && rest.length > 0) throw new CommandError(`unexpected argument ${JSON.stringify(rest[0])}`);
  switch (name) {
    case undefined:
    case 'help':
      return { name: 'help' };
    case 'up':
      return { name, ...common, json };
    case 'start':
      return { name, ...common, json, manifests: rest };
    case 'reset':
      return { name, data, yes: values.yes ?? false };
    default:
      throw new CommandError(`unknown command ${JSON.stringify(name)}; see kubeside --help`);
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: joinNegativeNumbers(argv),
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        nodes: { type: 'string' },
        kubeconfig: { type: 'string' },
        'runtime-config': { type: 'string' },
        'compaction-interval': { type: 'string' },
        'audit-policy-file': { type: 'string' },
        'audit-log-path': { type: 'string' },
        json: { type: 'boolean' },
        yes: { type: 'boolean', short: 'y' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    // Node goes on to say how a word that begins with a dash would not be an option; here none is.
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split(/\n|\. /, 1);
    throw new CommandError(`${reason.charAt(0).toLowerCase()}${reason.slice(1)}; see kubeside --help`);
  }
}

/** `--nodes -1` → `--nodes=-1`: what looks like an option here is a number that is refused by name. */
function joinNegativeNumbers(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of argv) {
    const last = joined.at(-1);
    if (last?.startsWith('--') && !last.includes('=') && /^-\d/.test(word)) joined[joined.length - 1] = `${last}=${word}`;
    else joined.push(word);
  }
  return joined;
}

/** `api/beta=true,resource.k8s.io/v1beta1` → the versions to turn on. */
function runtimeConfig(text: string): string[] {
  return text
    .split(',')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [version = '', value = 'true'] = entry.split('=');
      if (!isKnownVersion(version)) throw new CommandError(`--runtime-config: unknown API version ${JSON.stringify(version)}`);
      if (value !== 'true') throw new CommandError(`--runtime-config can only turn versions on, not ${JSON.stringify(entry)}`);
      return version;
    });
}

function isKnownVersion(version: string): boolean {
  return ['api/all', 'api/beta', 'api/alpha', 'api/ga'].includes(version) || kinds.some((kind) => apiVersionOf(kind) === version);
}

function audit(policy: string | undefined, log: string | undefined): ClusterArguments['audit'] {
  if (policy === undefined && log === undefined) return undefined;
  if (policy === undefined || log === undefined) throw new CommandError('--audit-policy-file and --audit-log-path go together');
  return { policy, log: log === '-' ? log : path('--audit-log-path', log) };
}

/** An empty path, as of a variable that is not set, would be the current folder. */
function path<T extends string | undefined>(option: string, text: T): T | string {
  if (text === '') throw new CommandError(`${option} must be a path, not ""`);
  return text === undefined ? text : resolve(text);
}

function integer(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new CommandError(`${option} must be a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`);
  }
  return value;
}
