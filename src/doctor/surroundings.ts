/** What the checks look at. Each of them takes the part that it needs, so that a test makes that part alone. */
import type { Config } from '../config/config.ts';
import { readStatistics, type Statistics } from '../statistics/statistics-file.ts';
import { type Layout, layoutOf } from '../storage/local/layout.ts';
import { openRoom, type Room } from './room.ts';
import { type ExaminedCompiler, examineCompiler } from './the-compiler.ts';

export interface Surroundings {
  readonly config: Config;
  /** The real path of this program. */
  readonly self: string;
  readonly layout: Layout;
  /** A folder in which a check may do what it likes. */
  readonly room: Room;
  /** The compiler that would run. It is asked once, in the room, so that the user's cache does not change. */
  readonly compiler: () => Promise<ExaminedCompiler>;
  /** What was counted. It is read once. */
  readonly statistics: () => Promise<Statistics>;
}

/** The surroundings of this process. `close` removes what was made for them. */
export function openSurroundings(config: Config, self: string): Surroundings & { close(): void } {
  const layout = layoutOf(config.cacheDirectory);
  const room = openRoom();
  return {
    config,
    self,
    layout,
    room,
    compiler: once(() => examineCompiler({ config, self, room })),
    statistics: once(() => readStatistics(layout.statistics)),
    close: () => room.kind === 'folder' && room.remove(),
  };
}

function once<T>(ask: () => T): () => T {
  let answer: { readonly value: T } | undefined;
  return () => {
    answer ??= { value: ask() };
    return answer.value;
  };
}
