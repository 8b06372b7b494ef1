import { describe, expect, it } from 'vitest';
import { isOurs, leaveKubernetesToUs, withoutDoubled } from '../../client/language/beside-yaml.ts';

type Contributor = [scheme: string, requestSchema: (resource: string) => string | undefined, content: (uri: string) => string];

describe("beside Red Hat's YAML extension", () => {
  const texts: Record<string, string> = {
    'file:///web.yaml': '# web\napiVersion: v1\nkind: Pod\n',
    'file:///compose.yaml': 'services:\n  web:\n    kind: x\n',
    'file:///Chart.yaml': 'apiVersion: v2\nname: web\n',
  };

  it('gives it a schema that allows everything for Kubernetes files, and none for others', async () => {
    const registered: Contributor[] = [];
    const api = { registerContributor: (...contributor: Contributor) => registered.push(contributor) > 0 };
    expect(await leaveKubernetesToUs({ activate: async () => api }, (uri) => texts[uri])).toBe(true);
    expect(registered).toHaveLength(1);
    const [scheme, requestSchema, content] = registered[0] ?? ['', () => undefined, () => ''];
    const asked = requestSchema('file:///web.yaml') ?? '';
    // The extension asks the contributor whose name is the URI's scheme for the content.
    expect(asked.startsWith(`${scheme}:`)).toBe(true);
    expect(JSON.parse(content(asked))).toEqual({});
    for (const other of ['file:///compose.yaml', 'file:///Chart.yaml', 'file:///closed.yaml']) expect(requestSchema(other)).toBeUndefined();
    expect(requestSchema('file:///kustomization.yaml')).toBe(asked);
  });

  it('does without where the extension offers nothing', async () => {
    expect(await leaveKubernetesToUs({ activate: async () => undefined }, () => undefined)).toBe(false);
    expect(await leaveKubernetesToUs({ activate: async () => ({}) }, () => undefined)).toBe(false);
  });

  it('tells only what the other does not tell', () => {
    const problems = [{ code: 'syntax' }, { code: 'unknown-field' }, { code: 'duplicate-field' }, {}];
    expect(withoutDoubled(problems)).toEqual([{ code: 'unknown-field' }, {}]);
  });

  it('takes lists and quoted fields for ours, too', () => {
    expect(isOurs('file:///a.yaml', '---\n"kind": Pod\n"apiVersion": v1\n')).toBe(true);
    expect(isOurs('file:///a.yaml', 'metadata:\n  apiVersion: v1\n  kind: Pod\n')).toBe(false);
  });
});
