/** Checks the contract without a test runner, and prints each title that holds. */

import { CONTRACT, CONTRACT_OF_PROGRAMS } from './contract.ts';

for (const [title, check] of Object.entries({ ...CONTRACT, ...CONTRACT_OF_PROGRAMS })) {
  await check();
  console.log(title);
}
