import type { Rule } from '../rule.ts';
import { idleRoleRule } from './idle-role-rule.ts';
import { unknownApiGroup } from './unknown-api-group.ts';
import { unknownResource } from './unknown-resource.ts';
import { unknownVerb } from './unknown-verb.ts';

/** Rules about what roles name: verbs, resources and API groups that are not there. */
export const accessRules: readonly Rule[] = [unknownVerb, unknownResource, unknownApiGroup, idleRoleRule];
