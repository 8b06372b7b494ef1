import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * The requests whose parameters are described, by what takes them: every operation, patches alone, or a subresource. A later request tells only what none
 * before it has told.
 */
const described: Readonly<Record<string, readonly string[]>> = {
  '': ['CreateNamespacedPod', 'ListNamespacedPod', 'DeleteCollectionNamespacedPod', 'ConnectGetNamespacedPodProxyWithPath'],
  patch: ['PatchNamespacedPod'],
  log: ['ReadNamespacedPodLog'],
  PodAttachOptions: ['ConnectGetNamespacedPodAttach'],
  PodExecOptions: ['ConnectGetNamespacedPodExec'],
  PodPortForwardOptions: ['ConnectGetNamespacedPodPortforward'],
  PodProxyOptions: ['ConnectGetNamespacedPodProxy'],
  ServiceProxyOptions: ['ConnectGetNamespacedServiceProxy'],
  NodeProxyOptions: ['ConnectGetNodeProxy'],
};

/** Bodies have none, names say of which kind they are, and the client counts what is called alike. */
const undescribed = new Set(['body', 'name', 'path2']);

/** Descriptions of parameters by what takes them and by name; the empty key is for every operation. */
type ParameterTexts = Record<string, Record<string, string>>;

/** What `@kubernetes/client-node` says of the parameters of requests. */
export function readParameterTexts(client: string): ParameterTexts {
  const file = join(client, 'types/ObjectParamAPI.d.ts');
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const requests = new Map(source.statements.filter(ts.isInterfaceDeclaration).map((statement) => [statement.name.text, statement]));
  const common: Record<string, string> = {};
  const texts: ParameterTexts = { '': common };
  for (const [taker, names] of Object.entries(described)) {
    const own = taker === '' ? common : {};
    for (const name of names) {
      const request = requests.get(`CoreV1Api${name}Request`);
      if (request === undefined) throw new Error(`the client has no request ${name}`);
      for (const [parameter, text] of parametersOf(request)) {
        if (!undescribed.has(parameter) && (taker === '' || common[parameter] !== text)) own[parameter] ??= text;
      }
    }
    if (Object.keys(own).length > 0) texts[taker] = own;
  }
  return texts;
}

function parametersOf(request: ts.InterfaceDeclaration): [string, string][] {
  return request.members.flatMap((member): [string, string][] => {
    const comment = ts.getJSDocCommentsAndTags(member).findLast(ts.isJSDoc)?.comment;
    if (typeof comment !== 'string' || member.name === undefined) return [];
    // Words that JavaScript keeps for itself have a line before them.
    return [[member.name.getText().replace(/^_/, ''), plainText(comment)]];
  });
}

const entities: Readonly<Record<string, string>> = { quot: '"', lt: '<', gt: '>', amp: '&' };

/** The client's generator escapes for HTML, joins paragraphs and adds a line about defaults. */
function plainText(comment: string): string {
  return comment
    .replace(/\s*Defaults to: undefined$/, '')
    .replaceAll('\\&', '&')
    .replaceAll(/&(?:#(\d+)|#x(\w+)|(\w+));/g, (entity, decimal?: string, hexadecimal?: string, name = '') => {
      const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
      return Number.isNaN(code) ? (entities[name] ?? entity) : String.fromCodePoint(code);
    })
    .replaceAll(/(?<=[.:]) {2}(?=[A-Z`])/g, '\n\n');
}
