import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ManifestFile } from '../../server/documents/file.ts';
import { Workspace } from '../../server/documents/workspace.ts';
import { codeActions } from '../../server/features/actions/index.ts';
import { completeAt } from '../../server/features/completion.ts';
import { diagnosticsOf, problemsOf } from '../../server/features/diagnostics.ts';
import { explainAt } from '../../server/features/explain.ts';
import { hoverAt } from '../../server/features/hover.ts';
import { inlayHintsIn } from '../../server/features/inlay-hints.ts';
import { symbolsOf } from '../../server/features/symbols.ts';
import { workspaceNames } from '../../server/index/names.ts';
import { WorkspaceIndex } from '../../server/index/workspace-index.ts';
import { loadDefinitions, loadDescriptions } from '../../server/schemas/generated.ts';
import { Kinds } from '../../server/schemas/kinds.ts';
import { Turns } from '../../server/turns.ts';

/** One prefix in so many is looked at; 1 looks at all of them. */
const stride = Number(process.env.PREFIX_STRIDE ?? 97);

const folder = join(import.meta.dirname, '../corpus/manifests');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name));

test('prefixes of every manifest of the corpus are completed, explained and checked without a fault', { timeout: 3_600_000 }, async () => {
  const definitions = await loadDefinitions();
  const descriptions = await loadDescriptions();
  const index = new WorkspaceIndex();
  const kinds = new Kinds(new Workspace());
  const names = workspaceNames(index);
  const completer = () => Promise.reject(new Error('no custom kinds are about'));
  const turns = new Turns({
    after: (_ms, run) => {
      run();
      return () => undefined;
    },
  });
  let answered = 0;
  for (const [number, name] of files.entries()) {
    const text = readFileSync(join(folder, name), 'utf8');
    for (let length = number % stride; length <= text.length; length += stride) {
      const prefix = text.slice(0, length);
      const file = new ManifestFile(TextDocument.create('file:///a.yaml', 'yaml', 1, prefix));
      index.touch(file);
      const end = file.positionAt(length);
      try {
        const { items } = await completeAt(file, end, { kinds, definitions, descriptions, names, completer });
        if (items.length > 0) answered++;
        hoverAt(file, end, { kinds, definitions, descriptions, index, names, now: 0 });
        const problems = file.documents.map(({ manifest }) => problemsOf(manifest, kinds, definitions));
        const parts = { kinds, definitions, index, problems };
        codeActions(file, { start: end, end }, { diagnostics: diagnosticsOf(file, problems) }, parts);
        inlayHintsIn(
          file,
          { start: file.positionAt(0), end },
          { ...parts, settings: { defaults: true, quantities: true, schedules: true } },
        );
        explainAt(file, end, { kinds, definitions, descriptions });
        await symbolsOf(file, turns, () => false);
      } catch (error) {
        throw new Error(`${name}, the first ${length} characters`, { cause: error });
      }
    }
  }
  expect(answered).toBeGreaterThan(50);
});

/** Kinds that are checked in ways of their own, and that the corpus has not. */
const others = [
  `apiVersion: authorization.k8s.io/v1
kind: SubjectAccessReview
metadata:
  labels:
spec:
  user:
  groups:
    - admins
  extra:
    scopes:
      - a
  resourceAttributes:
    verb: get
    labelSelector:
      requirements:
        - key: a
          operator: In
          values:
            - b
    fieldSelector:
      rawSelector:
  nonResourceAttributes:
    path: /
`,
  `apiVersion: authentication.k8s.io/v1
kind: TokenReview
metadata:
spec:
  token:
  audiences:
    - a
`,
  `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: a
spec:
  paramKind:
    apiVersion: v1
    kind: ConfigMap
  matchConstraints:
    resourceRules:
      - apiGroups:
          - apps
        apiVersions:
          - v1
        operations:
          - CREATE
        resources:
          - deployments
  variables:
    - name: x
      expression: object.spec.replicas
  validations:
    - expression: variables.x < int(params.data.max)
      messageExpression: string(variables.x)
`,
];

test.each(others.map((text) => [/kind: (\w+)/.exec(text)?.[1], text]))(
  'each prefix of a %s is checked without a fault',
  async (_, text = '') => {
    const definitions = await loadDefinitions();
    const kinds = new Kinds(new Workspace());
    for (let length = 1; length <= text.length; length++) {
      const file = new ManifestFile(TextDocument.create('file:///a.yaml', 'yaml', 1, text.slice(0, length)));
      const check = () => file.documents.flatMap(({ manifest }) => problemsOf(manifest, kinds, definitions));
      expect(check, text.slice(0, length)).not.toThrow();
    }
  },
);
