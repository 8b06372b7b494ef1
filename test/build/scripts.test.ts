import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInThisContext } from 'node:vm';
import { expect, it, vi } from 'vitest';

interface Module {
  readonly name: string;
  readonly text: string;
  readonly map?: string;
}
type Part = (require: unknown, part: unknown, late: unknown) => Readonly<Record<string, unknown>>;

const { scriptOf } = (await import(pathToFileURL(resolve('.config/scripts.mjs')).href)) as {
  scriptOf: (modules: readonly Module[]) => { text: string; map: string };
};

const partsOf = (...modules: Module[]) => runInThisContext(scriptOf(modules).text) as Readonly<Record<string, Part>>;

it('hands a module what it imports, and answers with what it exports', () => {
  const text = `import{join as join2,sep}from"node:path";import all from"node:fs";import*as every from"node:os";import"./first.cjs";import{a,b as c}from"./first.cjs";
var d=[join2,sep,all,every,a,c];export{d,c as"default"};`;
  const require = vi.fn((name: string) => ({ join: `${name} join`, sep: `${name} sep`, name }));
  const part = vi.fn(() => ({ a: 'a', b: 'b' }));
  const exported = partsOf({ name: './second.cjs', text })['./second.cjs']?.(require, part, undefined) ?? {};
  const [join, sep, fs, os, a, c] = exported.d as unknown[];
  expect([join, sep, a, c]).toEqual(['node:path join', 'node:path sep', 'a', 'b']);
  expect([fs, os]).toMatchObject([{ name: 'node:fs' }, { name: 'node:os' }]);
  expect(exported.default).toBe('b');
  expect(part.mock.calls).toEqual([['./first.cjs'], ['./first.cjs']]);
});

it('asks for the parts that are imported late when that is asked for', async () => {
  const late = vi.fn(async () => ({ default: 1 }));
  const text = 'var load=()=>import("./late.cjs");export{load};';
  const { load } = partsOf({ name: './a.cjs', text })['./a.cjs']?.(undefined, undefined, late) ?? {};
  expect(late).not.toHaveBeenCalled();
  expect(await (load as () => Promise<unknown>)()).toEqual({ default: 1 });
  expect(late).toHaveBeenCalledWith('./late.cjs');
});

it('has a part at once that cannot wait, whatever names a module uses', () => {
  const part = vi.fn(() => ({ one: 1 }));
  const { load } =
    partsOf({ name: './a.cjs', text: 'function part(){}function late(){}var load=()=>__loaded(import("./b.cjs")).one;export{load};' })[
      './a.cjs'
    ]?.(0, part, 0) ?? {};
  expect(part).not.toHaveBeenCalled();
  expect((load as () => number)()).toBe(1);
  expect(part).toHaveBeenCalledWith('./b.cjs');
});

it('shortens what functions have of their own, where there is no map, and leaves functions and classes their names', () => {
  const text = 'function named(parameter){return parameter}class Kind{method(){}}export{named,Kind};';
  const script = scriptOf([{ name: './a.cjs', text }]).text;
  expect(script).not.toContain('parameter');
  const { named, Kind } = partsOf({ name: './a.cjs', text })['./a.cjs']?.(0, 0, 0) ?? {};
  expect([named, Kind].map((value) => (value as () => void).name)).toEqual(['named', 'Kind']);
});

it('takes a default export', () => {
  expect(partsOf({ name: './a.cjs', text: 'export default [1,2].length;' })['./a.cjs']?.(0, 0, 0)).toEqual({ default: 2 });
});

it('runs modules strictly, each by itself', () => {
  const text = 'var own=function(){return this}();export{own};';
  const parts = partsOf({ name: './a.cjs', text }, { name: './b.cjs', text: 'var own=2;export{own};' });
  expect(Object.values(parts).map((part) => part(0, 0, 0).own)).toEqual([undefined, 2]);
});

it('leaves every line where it stood, and says so in its map', () => {
  const text = 'import {\n  a,\n} from "./x.cjs";\nthrow new Error("here");\n//# sourceMappingURL=a.map\n';
  const script = scriptOf([
    { name: './a.cjs', text, map: '{"version":3,"sources":["a"],"mappings":""}' },
    { name: './b.cjs', text, map: '{"version":3,"sources":["b"],"mappings":""}' },
  ]);
  const lines = script.text.split('\n');
  const { sections } = JSON.parse(script.map) as { sections: { offset: { line: number }; map: { sources: string[] } }[] };
  expect(sections.map(({ map }) => map.sources[0])).toEqual(['a', 'b']);
  for (const { offset } of sections) expect(lines[offset.line + 3]).toBe('throw new Error("here");');
  expect(script.text).not.toContain('sourceMappingURL');
});

it('refuses what gets its value after it was handed out', () => {
  const text = 'var x,init_x=__esm({"x.js"(){x=1}});export{x};';
  expect(() => scriptOf([{ name: './a.cjs', text }])).toThrow('x is exported, and may get its value late');
  expect(() => scriptOf([{ name: './a.cjs', text: text.replace('export{x}', 'export{init_x}') }])).not.toThrow();
});
