// Runs a TypeScript entry: bundles it with esbuild (packages stay outside) and imports the result.
// usage: node .config/run.mjs path/to/entry.ts [arguments]
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [entry, ...rest] = process.argv.slice(2);
const folder = resolve('node_modules/.cache/kubeside');
mkdirSync(folder, { recursive: true });
const outfile = join(folder, `${basename(entry, '.ts')}.${process.pid}.mjs`);
/** Packages that Node cannot load as they are shipped (imports without extensions) and that have to be bundled. */
const bundled = {
  name: 'bundled',
  setup({ onResolve }) {
    onResolve({ filter: /^@ngrok\/webernetes$/ }, () => ({ path: resolve('node_modules/@ngrok/webernetes/dist/index.js') }));
  },
};
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  plugins: [bundled],
  sourcemap: 'inline',
});
process.argv = [process.argv[0], resolve(entry), ...rest];
await import(pathToFileURL(outfile).href);
