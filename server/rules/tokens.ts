/** What tokens of well-known services look like. */
const shapes: readonly (readonly [string, RegExp])[] = [
  ['an access key of AWS', /\b(A3T[A-Z0-9]|AKIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ASIA)[A-Z0-9]{16}\b/],
  ['an API key of Google', /\bAIza[\w-]{35}\b/],
  ['a token of GitHub', /\bgh[uspor]_[0-9a-zA-Z]{36}\b/],
  ['a token of GitLab', /\bglpat-[\w-]{20}/],
  ['a token of Terraform Cloud', /\b[a-zA-Z0-9]{14}\.atlasv1\.[\w=-]{60,70}/],
  ['a JSON web token', /\bey[\w-]{17,}\.ey[\w/-]{17,}\.[\w/-]{10,}/],
  ['a token of npm', /\bnpm_[a-zA-Z0-9]{36}\b/],
  ['a key of Stripe', /\b[sr]k_(test|live)_[0-9a-zA-Z]{10,32}\b|\bpk_(test|live)_[0-9a-zA-Z]{10,32}\b/],
  ['a key of Twilio', /\bSK[0-9a-f]{32}\b/],
  ['a token of Vault', /\bhv[bs]\.[\w-]{90,212}/],
  ['a private key', /-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY-----/],
];

/** Tokens without a shape of their own: what they are for stands in their name. */
const named: readonly (readonly [string, RegExp, RegExp])[] = [
  ['a secret of Bitbucket', /bitbucket/i, /^[0-9a-z]{32}$/],
  ['a key of Datadog', /datadog|^dd_/i, /^([0-9a-f]{32}|[0-9a-z]{40})$/],
  ['a key of Heroku', /heroku/i, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
  ['a key of LaunchDarkly', /launch_?darkly/i, /^([0-9a-z=_-]{40}|(api|sdk|mob)-[0-9a-f-]{36})$/],
  ['a key of New Relic', /new[-_]?relic/i, /^(NRJS-[0-9a-f]{19}|NRAK-[0-9A-Za-z]{27}|[0-9a-z]{64})$/],
  ['a token of Okta', /okta/i, /^[\w=-]{42}$/],
  ['a key of Sumo Logic', /sumo/i, /^([0-9A-Za-z]{14}|[0-9A-Za-z]{64})$/],
];

/** What a value is that is no secret any more once it is in a manifest; undefined of any other. */
export function tokenOf(name: string, value: string): string | undefined {
  if (value.length < 14) return undefined;
  const shape = shapes.find(([, pattern]) => pattern.test(value));
  return (shape ?? named.find(([, service, pattern]) => service.test(name) && pattern.test(value)))?.[0];
}
