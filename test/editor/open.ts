/** `npm run editor`: a real VS Code in the browser with the extension installed and the samples open. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureCodeServer, startCodeServer } from './code-server.ts';

ensureCodeServer();
// A copy: what a person tries out must not change the checkout.
const folder = mkdtempSync(join(tmpdir(), 'kubeside-samples-'));
cpSync(resolve('media/samples'), folder, { recursive: true });
const server = await startCodeServer({ vsix: resolve('kubeside.vsix'), folder, port: Number(process.env.PORT ?? 0) });
console.log(`\nVS Code with Kubeside and the samples: ${server.url}\nCtrl-C ends it.`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void server.stop().then(() => {
      rmSync(folder, { recursive: true, force: true });
      process.exit(0);
    });
  });
}
