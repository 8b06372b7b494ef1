/** Red Hat's YAML extension, as far as it lets others take part: https://github.com/redhat-developer/vscode-yaml/wiki/Extension-API. */
export interface YamlExtension {
  activate(): Thenable<unknown>;
}

interface ContributorApi {
  registerContributor(
    scheme: string,
    requestSchema: (resource: string) => string | undefined,
    requestSchemaContent: (uri: string) => string,
    label?: string,
  ): boolean;
}

export const yamlExtensionId = 'redhat.vscode-yaml';

const scheme = 'kubeside';

/** Whether a text holds Kubernetes objects or a kustomization, so that the language server of Kubeside checks and completes it. */
export function isOurs(uri: string, text: string | undefined): boolean {
  if (/\/kustomization\.ya?ml$/.test(uri)) return true;
  return text !== undefined && /^["']?apiVersion["']?:[ \t]*\S/m.test(text) && /^["']?kind["']?:[ \t]*\S/m.test(text);
}

/**
 * Asks Red Hat's YAML extension to leave Kubernetes files to Kubeside: for them it is given a schema that allows everything, so that it marks and
 * proposes nothing beside. `textOf` gives the text of an open file. False when the extension does not offer that.
 */
export async function leaveKubernetesToUs(extension: YamlExtension, textOf: (uri: string) => string | undefined): Promise<boolean> {
  const api = await extension.activate();
  if (!isContributorApi(api)) return false;
  return api.registerContributor(
    scheme,
    (resource) => (isOurs(resource, textOf(resource)) ? `${scheme}://schema/anything` : undefined),
    () => '{}',
    'Kubernetes (Kubeside)',
  );
}

/** What both find without a schema. */
const toldByBoth: ReadonlySet<unknown> = new Set(['syntax', 'duplicate-field']);

/** The problems that the other extension does not mark, too. */
export function withoutDoubled<Problem extends { readonly code?: unknown }>(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ code }) => !toldByBoth.has(code));
}

function isContributorApi(api: unknown): api is ContributorApi {
  return typeof api === 'object' && api !== null && 'registerContributor' in api && typeof api.registerContributor === 'function';
}
