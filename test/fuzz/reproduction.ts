import { spell } from './call-words.ts';
import { contentsOf, placed, workingFolderOf } from './placed.ts';
import { cacheVariables, editingCompiler, type Programs } from './sandbox.ts';
import type { Plan, Scenario, Step } from './scenario.ts';
import { commandsFor, editingCommands, quoted } from './shell.ts';

/** A script of the shell that makes the calls of a case by hand, in a folder of its own. */
export function reproduction({ settings, steps, datesFiles = false }: Plan, programs: Programs): string {
  const folder = '/tmp/clcache-case';
  const written = new Map<string, Map<string, string>>();
  const lines = ['#!/bin/sh', `rm -rf ${folder}; mkdir -p ${folder}`];
  const arrange = (scenario: Scenario, touched: readonly string[] = []) => {
    const contents = contentsOf(scenario, folder);
    const root = `${folder}/${scenario.place}`;
    const folders = [...scenario.tree.folders, ''].map((name) => `${root}/${name}`);
    lines.push(`mkdir -p ${folders.map(quoted).join(' ')}`);
    lines.push(
      ...commandsFor(written.get(root) ?? new Map(), { root, contents, isDated: datesFiles }, touched),
    );
    written.set(root, contents);
  };
  const call = (
    scenario: Scenario,
    program: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ) => {
    const { args, environment, responseFile } = spell(scenario, (text) => placed(scenario, text, folder));
    const response = `${folder}/line.rsp`;
    if (responseFile !== undefined) lines.push(`printf %s ${quoted(responseFile)} >${response}`);
    const variables = Object.entries({ ...environment, ...more });
    const words = [...program, ...(responseFile === undefined ? [] : [`@${response}`]), ...args];
    const all = [...variables.map(([name, value]) => `${name}=${value}`), ...words].map(quoted);
    lines.push(`(cd ${quoted(workingFolderOf(scenario, folder))} && env ${all.join(' ')})`);
  };
  const cached = (scenario: Scenario, compiler = programs.compiler) => {
    const variables = cacheVariables(settings, (text) => placed(scenario, text, folder));
    call(scenario, [...programs.product, compiler], { CLCACHE_DIR: `${folder}/cache`, ...variables });
  };
  for (const [index, step] of steps.entries()) {
    lines.push('', `# ${step.title}`);
    arrange(step.scenario, step.touched);
    const removed = (step.removes ?? []).map((name) => quoted(`${folder}/${step.scenario.place}/${name}`));
    if (removed.length > 0) lines.push(`rm -f ${removed.join(' ')}`);
    const isLast = index === steps.length - 1;
    if (isLast && step.does !== 'arrange') {
      call(step.scenario, [programs.compiler]);
      lines.push(`cp -r ${quoted(`${folder}/${step.scenario.place}`)} ${folder}/expected`);
    }
    makeCalls(step, { folder, lines, arrange, cached, compiler: programs.compiler });
    if (isLast) lines.push(`diff -r ${folder}/expected ${quoted(`${folder}/${step.scenario.place}`)}`);
  }
  return lines.join('\n');
}

interface Writer {
  readonly folder: string;
  readonly lines: string[];
  readonly arrange: (scenario: Scenario) => void;
  readonly cached: (scenario: Scenario, compiler?: string) => void;
  readonly compiler: string;
}

function makeCalls(step: Step, { folder, lines, arrange, cached, compiler }: Writer): void {
  switch (step.does) {
    case 'arrange':
      return;
    case 'call':
      cached(step.scenario);
      return;
    case 'together':
      arrange(step.other);
      cached(step.scenario);
      lines.push(`${lines.pop()} &`);
      cached(step.other);
      lines.push('wait');
      return;
    case 'edit': {
      const editing = `${folder}/tools/clang-cl`;
      const root = `${folder}/${step.scenario.place}`;
      const contents = contentsOf(step.next, folder);
      const commands = editingCommands(contentsOf(step.scenario, folder), { root, contents }, step.swaps);
      lines.push(`mkdir -p ${folder}/tools`, `printf %s ${quoted(editingCompiler(compiler))} >${editing}`);
      lines.push(`chmod +x ${editing}`, `printf %s ${quoted(commands.join('\n'))} >${editing}.${step.when}`);
      cached(step.scenario, editing);
    }
  }
}
