import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { CompilerFamily } from '../../src/commandline/family.ts';
import { DriverMessages, leadingMessages, plannedMessages } from '../../src/compile/driver-messages.ts';
import { MemoryProject } from './memory-session.ts';

const lines = (all: readonly string[], end: string) => Buffer.from(all.map((line) => line + end).join(''));

const UNUSED =
  "clang-cl: warning: argument unused during compilation: '/x' [-Wunused-command-line-argument]\n";
const UNKNOWN = "clang-cl: warning: unknown argument ignored in clang-cl: '-x' [-Wunknown-argument]\n";
const STANDARD = "clang-cl: warning: argument unused during compilation: '/std:c++17'\n";
const IN_SOURCE = 'a.c(1,1): warning: something about the source\n';

interface Said {
  readonly family?: CompilerFamily;
  /** What the driver says of the whole call. Undefined if it cannot be asked. */
  readonly plan?: string | undefined;
  /** The stderr of each source. */
  readonly stderr: readonly string[];
}

/** What is shown for each source, and what for those that were not compiled. */
async function shown(context: TestContext, { family = 'clang-cl', plan, stderr }: Said) {
  const project = new MemoryProject(context, { family });
  const session = project.session(`/c ${stderr.map((_, index) => `${index}.c`).join(' ')} more.c`);
  project.compiler.behaviour = async () => {
    if (plan === undefined) throw new Error('it cannot be started');
    return { stderr: Buffer.from(`clang version 14.0.6\nTarget: x\n${plan} "clang" "-cc1"\n${UNUSED}`) };
  };
  const messages = new DriverMessages(session);
  const texts: string[] = [];
  for (const text of stderr) {
    const bytes = await messages.shownOf(Buffer.from(text, 'latin1'));
    texts.push(Buffer.from(bytes).toString('latin1'));
  }
  const rest = family === 'clang-cl' ? Buffer.from(await messages.ofTheCall()).toString('latin1') : '';
  return { texts, rest, asked: project.compiler.runs.length };
}

test('what the driver says of the call is shown once, with the first source that has such a message', async (context) => {
  const stderr = ['', UNUSED, `${UNUSED}${IN_SOURCE}`, IN_SOURCE];
  assert.deepEqual(await shown(context, { plan: UNUSED, stderr }), {
    texts: ['', UNUSED, IN_SOURCE, IN_SOURCE],
    rest: '',
    asked: 1,
  });
});

test('a warning that the driver gives for each source is shown as often as it does', async (context) => {
  const { texts } = await shown(context, { plan: STANDARD.repeat(3), stderr: [STANDARD, STANDARD] });
  assert.deepEqual(texts, [STANDARD.repeat(3), '']);
});

test('an option that another source uses is not called unused', async (context) => {
  const { texts } = await shown(context, { plan: '', stderr: [`${UNUSED}${IN_SOURCE}`] });
  assert.deepEqual(texts, [IN_SOURCE]);
});

test('what the driver says of sources that were not compiled is shown, if it was not', async (context) => {
  const { texts, rest } = await shown(context, { plan: STANDARD, stderr: [IN_SOURCE] });
  assert.deepEqual({ texts, rest }, { texts: [IN_SOURCE], rest: STANDARD });
});

test('the driver is not asked if no source has a message of it', async (context) => {
  const project = new MemoryProject(context);
  const messages = new DriverMessages(project.session('/c a.c b.c'));
  assert.deepEqual(await messages.shownOf(Buffer.from(IN_SOURCE)), Buffer.from(IN_SOURCE));
  assert.deepEqual(project.compiler.runs, []);
});

test('each source shows its own messages if the driver cannot be asked', async (context) => {
  const { texts } = await shown(context, { plan: undefined, stderr: [UNUSED, UNUSED] });
  assert.deepEqual(texts, [UNUSED, UNUSED]);
});

test('a message that the driver does not give for the call is kept', async (context) => {
  const { texts } = await shown(context, {
    plan: UNKNOWN,
    stderr: [`${UNUSED}${UNKNOWN}`.replace(UNUSED, '')],
  });
  assert.deepEqual(texts, [UNKNOWN]);
});

test('everything that cl writes to stderr is its driver’s: the banner comes once, another line stays', async (context) => {
  const banner = 'Microsoft (R) C/C++ Optimizing Compiler\r\nCopyright\r\n\r\n';
  const deprecated = 'cl : Command line warning D9035\r\n';
  const stderr = [banner, banner, `${banner}${deprecated}`];
  const { texts, asked } = await shown(context, { family: 'cl', stderr });
  assert.deepEqual({ texts, asked }, { texts: [banner, '', deprecated], asked: 0 });
});

test('bytes that are not UTF-8 are unchanged', async (context) => {
  const text = 'caf\xe9\xff: note\n';
  const { texts } = await shown(context, { plan: UNUSED, stderr: [text, `${UNUSED}${text}`] });
  assert.deepEqual(texts, [text, `${UNUSED}${text}`]);
});

test('a message of clang-cl about the line is recognised however it is coloured, wrapped and ended', () => {
  const own = ['a.c(1,1): warning: w', '      one;', '      ^'];
  const said: (readonly string[])[] = [
    ['clang-cl: warning: unknown argument ignored'],
    ['clang: \x1b[0;1;35mwarning: \x1b[0m\x1b[1m', '      unknown argument', '      ignored\x1b[0m'],
    ['clang-14: warning: first', 'clang-14: note: second', '      goes on'],
  ];
  for (const end of ['\n', '\r\n']) {
    for (const messages of said) {
      const text = lines(messages, end);
      assert.equal(leadingMessages(Buffer.concat([text, lines(own, end)])).join(''), text.toString());
      const plan = lines(
        ['clang version 14.0.6', 'Target: x', ...messages, ' (in-process)', ' "clang" "-cc1"'],
        end,
      );
      assert.equal(plannedMessages(plan).join(''), text.toString());
    }
  }
});
