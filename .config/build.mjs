// Builds dist/: the extension, the language server, the command line with the cluster and the webviews.
// usage: node .config/build.mjs [--minify]
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, normalize, relative, resolve, sep } from 'node:path';
import { build } from 'esbuild';
import { scriptOf } from './scripts.mjs';
import { sweep } from './sweep.mjs';

const minify = process.argv.includes('--minify');
const require = createRequire(import.meta.url);
// Functions keep the names they have: to shorten them and name them again as they are made costs more time than it spares room.
const short = { minifyWhitespace: minify, minifySyntax: minify };
const common = { bundle: true, ...short, sourcemap: !minify, legalComments: 'none', logLevel: 'warning', metafile: true };
const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  // As CommonJS, which the package gives to Node, each use of it passes two getters: parsing takes half as long without them.
  alias: { yaml: join(dirname(require.resolve('yaml/package.json')), 'browser/index.js') },
};

/** Of a text in which all is ASCII, V8 keeps each character in one byte. */
const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** V8 reads JSON faster than the same as a literal in a script. What is generated is so large that it is read piece by piece. */
const json = {
  name: 'json',
  setup({ onLoad }) {
    onLoad({ filter: /\.json$/ }, ({ path }) => {
      const value = JSON.parse(readFileSync(path, 'utf8'));
      if (dirname(path) !== resolve('runtime/api/generated'))
        return { loader: 'js', contents: `export default JSON.parse(${JSON.stringify(JSON.stringify(value))});` };
      const lines = Object.entries(value).flatMap(([name, part]) => [name, JSON.stringify(part).replace(/[^\0-\x7f]/g, escaped)]);
      const contents = `import { recordOfLines } from '../kinds/on-demand.ts';\nexport default recordOfLines(${JSON.stringify(lines.join('\n'))});`;
      return { loader: 'js', contents, resolveDir: dirname(path) };
    });
  },
};

/**
 * Each file that imports a CommonJS package copies all its names, of which this one has hundreds; through a module between they are copied once. Its own files
 * pass them on through four layers of getters, which they need for nothing: what is passed on is there by then.
 */
const copiedOnce = {
  name: 'copied-once',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode-languageserver(\/node)?$/ }, ({ path, kind, namespace }) =>
      kind === 'import-statement' && namespace === 'file' ? { path, namespace: 'copied-once' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'copied-once' }, ({ path }) => {
      const names = Object.keys(require(path)).filter((name) => name !== 'default');
      return { contents: `const all = require('${path}');\nexport const { ${names.join(', ')} } = all;`, resolveDir: process.cwd() };
    });
    onLoad({ filter: /\/vscode-(languageserver|languageserver-protocol|jsonrpc)\/lib\/.*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replace('(Object.create ? (function(o, m, k, k2)', '(false ? (function(o, m, k, k2)')
        // A copy of what Node exports would ask for the parts of it that Node loads when they are asked for.
        .replace(/__importStar\((require\("(?:fs|os|path|url)"\))\)/g, '$1'),
    }));
  },
};

/** What is asked for at once, takes long to load and is used late if ever: modules of Node by packages, and a package of a twelfth of the program. */
const late = {
  name: 'late',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^re2js$/ }, ({ path, kind }) => (kind === 'import-statement' ? { path, namespace: 'late-package' } : undefined));
    onLoad({ filter: /.*/, namespace: 'late-package' }, ({ path }) => ({
      contents: `export const RE2JS = new Proxy({}, { get: (_, name) => __loaded(import('${path}')).RE2JS[name] });`,
      resolveDir: process.cwd(),
    }));
    onResolve({ filter: /^(crypto|child_process|fs\/promises)$/ }, ({ path, kind }) =>
      kind === 'require-call' ? { path, namespace: 'late' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require('node:${path}')[name] });`,
    }));
  },
};

// A package's parts stand apart, so that packaging leaves a cluster alone that runs from the checkout, and takes none of its parts along.
const chunks = minify ? 'chunks' : 'chunks-unpackaged';
const day = 24 * 60 * 60 * 1000;

if (process.stderr.isTTY) process.stderr.write('Building Kubeside…\n');
mkdirSync('dist/media', { recursive: true });

/** The language server: scripts for server/launch.ts to run, in files that are named after what is in them. */
async function buildServer() {
  const program = await build({
    ...node,
    plugins: [json, copiedOnce, late],
    entryPoints: { server: 'server/node.ts' },
    outdir: join('dist', chunks),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    outExtension: { '.js': '.cjs' },
    format: 'esm',
    splitting: true,
    charset: 'ascii',
    write: false,
  });
  const { outputs } = program.metafile;
  const texts = new Map(program.outputFiles.map(({ path, text }) => [relative('.', path), text]));
  const [start] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === 'server/node.ts');
  // What a start needs stands in one file: each more would have to be looked for and opened.
  const needed = new Set([start]);
  for (const path of needed)
    for (const { path: other, kind } of outputs[path].imports) if (kind === 'import-statement' && outputs[other]) needed.add(other);
  const files = Object.keys(outputs).filter((path) => path.endsWith('.cjs') && (path === start || !needed.has(path)));
  mkdirSync(join('dist', chunks), { recursive: true });
  for (const path of files) {
    const modules = path === start ? [...needed] : [path];
    const { text, map } = scriptOf(
      modules.map((path) => ({ name: `./${basename(path)}`, text: texts.get(path), map: texts.get(`${path}.map`) })),
    );
    writeFileSync(path, minify ? text : `${text}//# sourceMappingURL=${basename(path)}.map\n`);
    if (!minify) writeFileSync(`${path}.map`, map);
  }
  const launcher = await build({
    ...node,
    entryPoints: { server: 'server/launch.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    define: { PROGRAM: JSON.stringify(`${chunks}/${basename(start)}`) },
  });
  return [program, launcher];
}

const built = await Promise.all([
  buildServer(),
  build({
    ...node,
    entryPoints: { extension: 'client/extension.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    external: ['vscode'],
  }),
  build({
    ...node,
    plugins: [json],
    entryPoints: { cli: 'runtime/cli.ts' },
    outdir: 'dist',
    format: 'esm',
    // What is loaded late (certificate making) stays out of the start.
    splitting: true,
    chunkNames: `${chunks}/[name]-[hash]`,
    // Bundled CommonJS packages still ask for Node's own modules with require().
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  }),
  build({
    ...common,
    entryPoints: { dashboard: 'media/dashboard/main.ts' },
    outdir: 'dist/media',
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
  }),
]);
const codicons = dirname(require.resolve('@vscode/codicons/dist/codicon.css'));
const copies = {
  'sql-wasm.wasm': join(dirname(require.resolve('sql.js')), 'sql-wasm.wasm'),
  'media/codicon.css': join(codicons, 'codicon.css'),
  'media/codicon.ttf': join(codicons, 'codicon.ttf'),
};
for (const [name, from] of Object.entries(copies)) cpSync(from, join('dist', name));

const outputs = built.flat().flatMap(({ metafile }) => Object.keys(metafile.outputs));
const made = new Set([...outputs, ...Object.keys(copies).map((name) => join('dist', name))].map(normalize));
const isOf = (name, path) => path.startsWith(join('dist', name) + sep);
// What runs may be of an earlier build: of a package, or of the sources as they were today.
const mayRun = (path, age) =>
  minify ? isOf('chunks-unpackaged', path) : isOf('chunks', path) || (isOf('chunks-unpackaged', path) && age < day);
sweep('dist', made, mayRun, Date.now());
