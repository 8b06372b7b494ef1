import { Editor, positionIn } from '../server/editor.ts';
import { percentile, time } from './report.ts';

const rounds = 200;
const documents = 20;

/** A Deployment of fifty lines. */
function deployment(index: number): string {
  const env = Array.from({ length: 6 }, (_, number) => `            - name: SETTING_${number}\n              value: "${number}"\n`).join(
    '',
  );
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${index}
  namespace: shop
  labels:
    app.kubernetes.io/name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web-${index}
  strategy:
    rollingUpdate:
      maxSurge: 25%
      maxUnavailable: 1
  template:
    metadata:
      labels:
        app: web-${index}
    spec:
      containers:
        - name: web
          image: nginx:1.27
          env:
${env}          ports:
            - name: http
              containerPort: 80
          readinessProbe:
            httpGet:
              path: /
              port: http
          resources:
            limits:
              cpu: 500m
              memory: 128Mi
`;
}

function report(figure: string, times: readonly number[], goal?: string): void {
  const sorted = [...times].sort((left, right) => left - right);
  const round = (value: number) => Number(value.toPrecision(4));
  const line = { bench: 'language', figure, unit: 'ms', median: round(percentile(sorted, 0.5)), p95: round(percentile(sorted, 0.95)) };
  console.log(JSON.stringify({ ...line, rounds: times.length, ...(goal !== undefined && { goal }) }));
}

/** Waits for real, as the server does beside an editor. */
function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/** How fast the language server answers an editor, over a connection, in a file of 1,000 lines and 20 documents. */
export async function benchLanguage(): Promise<void> {
  const text = Array.from({ length: documents }, (_, index) => deployment(index)).join('---\n');
  let editor = await Editor.start({ after });
  const first: number[] = [];
  const firstCompletion: number[] = [];
  first.push(
    await time(async () => {
      await editor.stop();
      editor = await Editor.start({ after });
      await editor.diagnostics(await editor.open(deployment(0)));
    }),
  );
  const specField = { line: 8, character: 2 };
  firstCompletion.push(await time(async () => editor.completeAt(await editor.open(deployment(0)), specField)));
  report('start to first diagnostics', first);
  report('first completion', firstCompletion);

  const uri = await editor.open(text);
  report('diagnostics after opening', [await time(() => editor.diagnostics(uri))]);
  const images = [...text.matchAll(/^ {10}image:/gm)].map((match) => positionIn(text, match.index + 12));
  const times = { edit: [] as number[], completion: [] as number[], hover: [] as number[], outline: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const name = `name: web-${round % documents}\n  namespace: shop\n`;
    times.edit.push(
      await time(async () => {
        await editor.edit(uri, name, name.replace('shop', `shop-${round}`));
        await editor.diagnostics(uri);
      }),
    );
    await editor.edit(uri, name.replace('shop', `shop-${round}`), name);
    const position = images[round % images.length] ?? specField;
    times.completion.push(await time(() => editor.completeAt(uri, position)));
    times.hover.push(await time(() => editor.hoverAt(uri, position)));
    times.outline.push(await time(() => editor.symbols(uri)));
  }
  report('diagnostics after an edit', times.edit, 'p95 ≤ 30');
  report('completion', times.completion, 'p95 ≤ 30');
  report('hover', times.hover);
  report('outline', times.outline);
  await editor.stop();
}
