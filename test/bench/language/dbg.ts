import { ours } from './contenders.ts';
import { manifestOf, script } from './manifests.ts';
import { ServerProcess } from './server-process.ts';
const s = await ServerProcess.start({...ours, command: ['--cpu-prof','--cpu-prof-dir=/tmp/prof', ...ours.command]},'file:///workspace');
const u='file:///workspace/a.yaml';
await s.open(u, manifestOf(Number(process.env.LINES))); 
let t=performance.now(); const l=(w:string)=>{console.log(w,Math.round(performance.now()-t)); t=performance.now()};
await s.diagnostics(u); l('diag');
for (const k of script.slice(0,30)) {
const p = await s.type(u,k); await s.diagnostics(u); l('typed '+JSON.stringify(k));
await s.complete(u,p); l('completed');
await s.hover(u,{line:8,character:4}); l('hover');
}
await s.end(); l('end');
process.exit(0);
