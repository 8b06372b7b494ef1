import { transformSync } from 'esbuild';
import ts from 'typescript';

/**
 * Makes a script of modules that esbuild has bundled: Node 20 starts a script with what V8 compiled of it before, but not a module. Its value has a function
 * for each of them, by the name of its file (`./part.cjs`), of three others: `require` of Node's own modules, `__part`, which answers with what another
 * module of the bundle exports, and `__late`, which promises that. What they hand to each other are values: none may change what it exports once it has run.
 * `__loaded(import('./part.cjs'))` is for what cannot wait: it is read there and then.
 * @param {readonly { readonly name: string, readonly text: string, readonly map?: string }[]} modules
 * @returns {{ readonly text: string, readonly map: string }} The map of the script is made of those of the modules.
 */
export function scriptOf(modules) {
  let text = '({';
  const sections = [];
  for (const module of modules) {
    text += `${JSON.stringify(module.name)}:(function(require,__part,__late){"use strict";\n`;
    const line = text.split('\n').length - 1;
    if (module.map) sections.push({ offset: { line, column: 0 }, map: JSON.parse(module.map) });
    text += `${bodyOf(module.text, !module.map)}}),\n`;
  }
  return { text: `${text}})\n`, map: JSON.stringify({ version: 3, sections }) };
}

/** The body of a module's function. Every line stands where it stood, for its map. */
function bodyOf(text, short) {
  const source = ts.createSourceFile('module.js', text, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  const exported = new Map();
  let wrapped = '';
  let body = '';
  let done = 0;
  const replace = (node, by) => {
    const start = node.getStart(source);
    body += text.slice(done, start) + by + text.slice(start, node.end).replace(/[^\n]/g, '');
    done = node.end;
  };
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) replace(statement, importOf(statement));
    else if (ts.isExportDeclaration(statement)) {
      for (const { name, propertyName } of statement.exportClause.elements) exported.set(name.text, (propertyName ?? name).text);
      replace(statement, '');
    } else if (ts.isExportAssignment(statement)) {
      exported.set('default', statement.expression.getText(source));
      replace(statement, '');
    } else if (ts.isVariableStatement(statement)) {
      // What a CommonJS module requires has its values only once that is required.
      for (const { initializer } of statement.declarationList.declarations) {
        if (initializer && ts.isCallExpression(initializer) && /^__esm/.test(initializer.expression.getText(source)))
          wrapped += initializer.getText(source);
      }
    }
  }
  for (const name of exported.values()) {
    if (/^[\w$]+$/.test(name) && new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}\\s*=(?![=>])`).test(wrapped))
      throw new Error(`${name} is exported, and may get its value late`);
  }
  // Other files of the bundle are imported while it runs.
  const rest = text.slice(done).replace(/^\/\/# sourceMappingURL=.*\n?/m, '');
  body = (body + rest).replace(/\b__loaded\(\s*import\(("\.\/[^"]+")\)\s*\)/g, '__part($1)').replace(/\bimport\((?="\.\/)/g, '__late(');
  return `${short ? shortened(body) : body}\nreturn{${[...exported].map(([name, value]) => `${name}:${value}`).join()}}`;
}

/** With short names for what functions have of their own. What a log would tell of, functions and classes of the module itself, keeps its name. */
function shortened(body) {
  return transformSync(`"use strict";${body}`, { minify: true, charset: 'ascii', target: 'node20', legalComments: 'none' }).code;
}

/** @param {ts.ImportDeclaration} statement */
function importOf({ moduleSpecifier, importClause }) {
  const from = `${moduleSpecifier.text.startsWith('./') ? '__part' : 'require'}(${JSON.stringify(moduleSpecifier.text)})`;
  const names = [importClause?.name, importClause?.namedBindings].filter((names) => names !== undefined).map(namesOf);
  return names.length === 0 ? `${from};` : `var ${names.map((name) => `${name}=${from}`).join()};`;
}

function namesOf(names) {
  if (ts.isIdentifier(names)) return names.text;
  if (ts.isNamespaceImport(names)) return names.name.text;
  return `{${names.elements.map(({ name, propertyName }) => `${(propertyName ?? name).text}:${name.text}`).join()}}`;
}
