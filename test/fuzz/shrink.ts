import { LINUX, SAME_EACH_TIME } from './command-line.ts';
import type { PlanResult } from './run-plan.ts';
import type { CommandLine, Plan, Scenario, Settings, SourceTree, Step, Words } from './scenario.ts';

/** Longest that making a case smaller may take, in milliseconds. */
const LIMIT = 60_000;

/**
 * Makes a case that goes wrong smaller, as long as it goes wrong in the same way: fewer steps, options, variables,
 * sources, files and lines.
 */
export async function shrink(
  plan: Plan,
  kind: string,
  run: (plan: Plan) => Promise<PlanResult>,
): Promise<Plan> {
  let smallest = plan;
  const end = performance.now() + LIMIT;
  for (let progress = true; progress; ) {
    progress = false;
    for (const reduce of reductions(smallest)) {
      if (performance.now() > end) return smallest;
      const candidate = reduce(smallest);
      if (candidate === undefined || candidate.steps.length === 0) continue;
      const { failure } = await run(candidate);
      if (failure?.kind !== kind) continue;
      smallest = { ...candidate, steps: candidate.steps.slice(0, failure.step + 1) };
      progress = true;
    }
  }
  return smallest;
}

/** Without these nothing is compiled, or two objects never are equal. */
const ESSENTIAL = ['/c', SAME_EACH_TIME.join(' '), LINUX.join(' ')];

type Reduce = (plan: Plan) => Plan | undefined;

/** Large pieces first. Each works on whatever is left of a plan. */
function reductions(plan: Plan): Reduce[] {
  const scenarios = plan.steps.flatMap(scenariosOf);
  const files = unique(scenarios.flatMap(({ tree }) => [...tree.files.keys()]));
  const links = unique(scenarios.flatMap(({ tree }) => [...tree.links.keys()]));
  const isFree = (words: Words) => !ESSENTIAL.includes(words.join(' '));
  const options = unique(
    scenarios.flatMap(({ line }) => line.options.filter(isFree).map((words) => words.join('\n'))),
  );
  const sources = unique(scenarios.flatMap(({ line }) => line.sources.map((words) => words.join('\n'))));
  const variables = unique(scenarios.flatMap(({ environment }) => Object.keys(environment)));
  return [
    ...plan.steps.slice(0, -1).map((step) => withoutStep(step)),
    inLine(({ options, sources }) => ({ options, sources, inCL: 0, inResponseFile: 0, inUnderscoreCL: 0 })),
    ...plainer(plan.settings),
    ...files.map((path) => inTree((tree) => ({ ...tree, files: without(tree.files, path) }))),
    ...links.map((path) => inTree((tree) => ({ ...tree, links: without(tree.links, path) }))),
    ...options.map((words) => inLine((line) => ({ ...line, options: withoutWords(line.options, words) }))),
    ...(sources.length > 1 ? sources : []).map((words) =>
      inLine((line) => ({ ...line, sources: withoutWords(line.sources, words) })),
    ),
    ...variables.map((name) =>
      inScenarios((scenario) => ({
        ...scenario,
        environment: Object.fromEntries(
          Object.entries(scenario.environment).filter(([each]) => each !== name),
        ),
      })),
    ),
    ...files.flatMap((path) => fewerLines(scenarios, path)),
  ];
}

function scenariosOf(step: Step): Scenario[] {
  if (step.does === 'edit') return [step.scenario, step.next];
  return step.does === 'together' ? [step.scenario, step.other] : [step.scenario];
}

function withoutStep(step: Step): Reduce {
  // By its title: other steps are made anew by what was taken away before.
  return (plan) => ({ ...plan, steps: plan.steps.filter(({ title }) => title !== step.title) });
}

function plainer(settings: Settings): Reduce[] {
  const switches = ['noDirect', 'hardLink', 'compress', 'settle'] as const;
  return switches
    .filter((name) => settings[name])
    .map((name) => (plan) => ({ ...plan, settings: { ...plan.settings, [name]: false } }));
}

function inLine(change: (line: CommandLine) => CommandLine): Reduce {
  return inScenarios((scenario) => ({ ...scenario, line: change(scenario.line) }));
}

function inTree(change: (tree: SourceTree) => SourceTree): Reduce {
  return inScenarios((scenario) => ({ ...scenario, tree: change(scenario.tree) }));
}

/** Scenarios that are one object stay one. */
function inScenarios(change: (scenario: Scenario) => Scenario): Reduce {
  return (plan) => {
    const changed = new Map<Scenario, Scenario>();
    const once = (scenario: Scenario) => {
      const result = changed.get(scenario) ?? change(scenario);
      changed.set(scenario, result);
      return result;
    };
    return { ...plan, steps: plan.steps.map((step) => withScenarios(step, once)) };
  };
}

function withScenarios(step: Step, change: (scenario: Scenario) => Scenario): Step {
  const scenario = change(step.scenario);
  const kept = step.touched && { touched: step.touched.filter((path) => scenario.tree.files.has(path)) };
  if (step.does === 'edit') return { ...step, ...kept, scenario, next: change(step.next) };
  if (step.does === 'together') return { ...step, ...kept, scenario, other: change(step.other) };
  return { ...step, ...kept, scenario };
}

/** Halves first, then single lines: the same lines in every state that has them. */
function fewerLines(scenarios: readonly Scenario[], path: string): Reduce[] {
  const texts = scenarios.map(({ tree }) => tree.files.get(path) ?? '');
  const lines = linesOf(texts.reduce((longest, text) => (text.length > longest.length ? text : longest), ''));
  const take = (gone: readonly string[]) =>
    inTree((tree) => {
      const text = tree.files.get(path);
      if (text === undefined) return tree;
      const isGone = new Set(gone);
      const left = linesOf(text).filter((line) => !isGone.has(line));
      return { ...tree, files: new Map([...tree.files, [path, left.join('')]]) };
    });
  const reductions: Reduce[] = [];
  for (let size = Math.ceil(lines.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < lines.length; at += size) reductions.push(take(lines.slice(at, at + size)));
  }
  return lines.length > 1 ? reductions : [];
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n|\r(?!\n))/);
}

function withoutWords(all: readonly Words[], gone: string): Words[] {
  return all.filter((words) => words.join('\n') !== gone);
}

function without<V>(map: ReadonlyMap<string, V>, gone: string): Map<string, V> {
  return new Map([...map].filter(([name]) => name !== gone));
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
