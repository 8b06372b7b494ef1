import { TextDocument } from 'vscode-languageserver-textdocument';
import { ManifestFile } from './documents/file.ts';
import { type CompletionParts, completeAt } from './features/completion.ts';
import { type HoverParts, hoverAt } from './features/hover.ts';

/** Is shown to nobody, and is in no workspace. */
const uri = 'rehearsal:/pod.yaml';

/** What many begin with: a container, its ports and what it may use. */
const typed = `apiVersion: v1
kind: Pod
metadata:
  name: a
  labels:
    app: a
spec:
  containers:
    - name: a
      image: a
      ports:
        - containerPort: 80
      resources:
        limits:
          memory: 1Gi

`;

/**
 * Proposes and explains what it would to someone who types a manifest, key by key. What runs for the first time takes ten times as long as later: so the
 * first who asks need not wait for that. `turn` lets others go first, and is false once there is no use in going on.
 */
export async function rehearse(parts: CompletionParts & HoverParts, turn: () => Promise<boolean>): Promise<void> {
  for (let length = 1; length <= typed.length; length++) {
    const document = TextDocument.create(uri, 'yaml', length, typed.slice(0, length));
    const file = new ManifestFile(document);
    await completeAt(file, document.positionAt(length), parts);
    if (!(await turn())) return;
    if (document.getText().endsWith(':')) hoverAt(file, document.positionAt(length - 1), parts);
  }
}
