import type { CommandLineHost } from '../compile-call.ts';
import type { OptionItem } from '../read/items.ts';
import type { LineOptions } from './line-options.ts';

/** Where clang finds Microsoft's tools for it is known: see `compiler/answers/microsoft-tools.ts`. */
const WINDOWS = /(?:^|-)(?:windows|win32)(?:-msvc[\d.]*)?(?:-coff)?$/i;
/** Where clang finds a GCC for it is known: see `compiler/answers/gcc-versions.ts`. */
const LINUX = /(?:^|-)linux(?:-(?:gnu|musl)\w*)?$/i;
/** LLVM's names of processors (`Triple::getArch`), with which a target begins. */
const PROCESSOR =
  /^(?:x86(?:_64h?)?|i[3-9]86|amd64|(?:arm|aarch64|thumb|mips|riscv|powerpc|ppc|sparc|wasm|loongarch|bpf|nvptx|spir)\w*|s390x?|systemz|hexagon|avr|csky|m68k|msp430|amdgcn|xcore|lanai|arc|ve)(?:-|$)/i;

type Named = Pick<CommandLineHost, 'namedTarget'>;

/**
 * The target of a line of clang-cl: that of its options, or of the driver's name (`i686-pc-windows-msvc-clang-cl`), or
 * Windows.
 */
export function targetOf(options: LineOptions, { namedTarget = '' }: Named): string {
  return targetOption(options)?.value ?? (PROCESSOR.test(namedTarget) ? namedTarget : 'windows');
}

/** The option that decides about the target. */
export function targetOption({ special }: LineOptions): OptionItem | undefined {
  const targets = special.filter(({ row }) => row.name === '-target=' || row.name === 'target');
  // Words that are handed on come after all others.
  return targets.findLast(({ level }) => level === 'driver') ?? targets.at(-1);
}

/** True for a target for which clang uses Microsoft's tools. */
export function isForMicrosoftTools(target: string): boolean {
  return WINDOWS.test(target);
}

/**
 * True if it is known what clang looks at by itself. For other targets it searches PATH for a GCC, reads the settings of
 * an SDK, and looks for folders beside itself and elsewhere (MinGW, Apple's systems, Android, targets without a system).
 */
export function isKnownTarget(target: string): boolean {
  return WINDOWS.test(target) || LINUX.test(target);
}
